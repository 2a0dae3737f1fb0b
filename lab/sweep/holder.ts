import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending } from '../../core/plugins/launcher.js';
import { holderOf } from '../../core/run/lock.js';
import { localLauncher } from '../launch/local.js';
import type { WatchedJob } from '../launch/watched.js';
import { lookEvery, runState } from './run-state.js';

/** A job of which only its run's lock is known: it is over when no process of this machine has that. */
export function untilFree(path: string): WatchedJob {
  const isHeld = async (): Promise<boolean> => {
    // What is wrong with the folder is told by who settles the job.
    const state = await runState(path).catch(() => undefined);
    return state?.kind === 'held';
  };
  const wait = async (): Promise<Ending> => {
    while (await isHeld()) await sleep(lookEvery);
    return { exit: null, signal: null };
  };
  return { handle: null, ended: wait(), stop: () => void stopHolder(path) };
}

/** Asks the process of this machine that uses a run to save its state and end, if there is one. */
export async function stopHolder(path: string): Promise<void> {
  try {
    const holder = await holderOf(path);
    // To the local launcher a process is what it is to a lock: its pid, start and host.
    if (holder !== undefined) await localLauncher.stop([{ ...holder }]);
  } catch {
    // Nobody can be told by a lock that cannot be read.
  }
}
