import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { NcnError } from '../../core/errors/error.js';
import { machineRefused } from '../../core/errors/run.js';
import { removeDirectory } from '../../core/run/atomic.js';
import { RunDirectory } from '../../core/run/directory.js';
import { acquireLock, holderOf } from '../../core/run/lock.js';
import { isBare } from '../../core/run/unbegun.js';
import { jobFolderTaken } from '../errors/sweep.js';
import { isThere } from '../files.js';

/** Milliseconds between looks at a lock. */
export const lookEvery = 500;

/**
 * How the run directory of a job stands. `held`: a process of this machine is using it. `begun` runs
 * go on with `ncn resume`. `unreadable`: who holds it cannot be seen from here, or it holds something
 * that is no run; `elsewhere`: its lock names another machine.
 */
export type RunState =
  | { readonly kind: 'none' | 'held' | 'finished' }
  | { readonly kind: 'unreadable'; readonly message: string; readonly elsewhere: boolean }
  | { readonly kind: 'begun'; readonly message: string | null };

/**
 * Looks at a job's run directory. One that a process left before it became a run (no manifest) is
 * removed, unless there is more in it than such a one leaves.
 * @throws NcnError where the machine refuses, as it will with every other run
 */
export async function runState(path: string): Promise<RunState> {
  try {
    return await look(path);
  } catch (error) {
    if (!(error instanceof NcnError) || machineRefused(error.cause) !== undefined) throw error;
    return unreadable(error);
  }
}

/**
 * The same; what another machine holds is looked at again for so many milliseconds, since it may be
 * free, and a shared file system not show it yet.
 */
export async function runStateWithin(path: string, patience: number): Promise<RunState> {
  const end = performance.now() + patience;
  for (;;) {
    const state = await runState(path);
    const doubtful = state.kind === 'unreadable' && state.elsewhere;
    if (!doubtful || performance.now() >= end) return state;
    await sleep(lookEvery);
  }
}

async function look(path: string): Promise<RunState> {
  if (!(await isThere(path))) return { kind: 'none' };
  let lock;
  try {
    lock = await acquireLock(path, () => undefined);
  } catch (error) {
    const code = error instanceof NcnError ? error.code : '';
    if (code === 'NCN_RUN_LOCK_CONTENDED') return { kind: 'held' };
    if (!(error instanceof NcnError) || code !== 'NCN_RUN_IN_USE') throw error;
    const holder = await holderOf(path);
    const elsewhere = holder !== undefined && holder.host !== hostname();
    return elsewhere ? unreadable(error, true) : { kind: 'held' };
  }
  try {
    const run = await RunDirectory.at(path);
    if (run === undefined) {
      if (!(await isBare(path))) return unreadable(jobFolderTaken(path));
      await removeDirectory(path);
      return { kind: 'none' };
    }
    // One whose file is damaged is gone on with, which tells it and writes the file anew.
    const status = await run.readStatusIfSound(() => undefined);
    if (status?.state === 'finished') return { kind: 'finished' };
    const failed = status?.state === 'failed' ? (status.message ?? null) : null;
    return { kind: 'begun', message: failed };
  } finally {
    await lock.release();
  }
}

const unreadable = ({ message, hint }: NcnError, elsewhere = false): RunState => ({
  kind: 'unreadable',
  message: [message, hint].filter(Boolean).join(' '),
  elsewhere,
});
