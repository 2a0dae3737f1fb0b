import { otherLauncher } from '../errors/sweep.js';
import type { Launcher } from '../../core/plugins/launcher.js';
import type { WatchedJob, Watcher } from '../launch/watched.js';
import type { JobRecord } from './events.js';

/** Stands in the ledger where a job was found running, and nobody knows who started it. */
export const unknownLauncher = 'unknown';

/**
 * Finds a job that the ledger calls running; undefined where it is over.
 * @throws NcnError where another launcher started it: it may still be in that one's queue
 */
export async function adopt(
  launcher: Launcher,
  watcher: Watcher,
  { job, handle, launcher: by }: JobRecord,
): Promise<WatchedJob | undefined> {
  if (by === null || by === unknownLauncher) return undefined;
  if (by !== launcher.name) throw otherLauncher(job.name, by, launcher.name);
  return watcher.adopt(handle);
}
