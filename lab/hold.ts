import { setTimeout as sleep } from 'node:timers/promises';
import { NcnError } from '../core/errors/error.js';
import { acquireLock, type RunLock } from '../core/run/lock.js';

/** Milliseconds to wait for others who hold the folder; they hold it for a few seconds. */
const patience = 60_000;
/** Milliseconds between attempts. */
const retryEvery = 50;

/**
 * Does something in a folder while no other process does so: what is read there is what is there when it is written.
 * @throws NcnError `NCN_RUN_IN_USE` where another holds the folder for longer than a minute, and what `work` throws
 */
export async function whileHolding<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await take(folder);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function take(folder: string): Promise<RunLock> {
  const end = performance.now() + patience;
  for (;;) {
    try {
      return await acquireLock(folder, () => undefined);
    } catch (error) {
      if (!isHeldByOther(error) || performance.now() > end) throw error;
      await sleep(retryEvery);
    }
  }
}

const isHeldByOther = (error: unknown): boolean =>
  error instanceof NcnError &&
  (error.code === 'NCN_RUN_IN_USE' || error.code === 'NCN_RUN_LOCK_CONTENDED');
