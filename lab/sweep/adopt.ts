import { otherLauncher } from '../errors/sweep.js';
import type { Launcher } from '../../core/plugins/launcher.js';
import type { WatchedJob, Watcher } from '../launch/watched.js';
import type { JobRecord } from './events.js';

/** Stands in the ledger where a job was found running, and nobody knows who started it. */
export const unknownLauncher = 'unknown';

/**
 * @throws NcnError where another launcher started a job that is not over as far as is known: it may
 *   still be in that one's queue
 */
export function refuseOther(launcher: Launcher, { job, state, launcher: by }: JobRecord): void {
  if (state !== 'running' && state !== 'submitted') return;
  const isFound = by === null || by === unknownLauncher;
  // One that is known by its lock alone is found by any launcher that stays.
  if (state === 'running' && (isFound ? !launcher.queues : by === launcher.name)) return;
  throw otherLauncher(job.name, isFound ? 'local' : by, launcher.name);
}

/** Finds a job that the ledger calls running; undefined where it is over. @throws NcnError as {@link refuseOther} */
export async function adopt(
  launcher: Launcher,
  watcher: Watcher,
  record: JobRecord,
): Promise<WatchedJob | undefined> {
  refuseOther(launcher, record);
  const known = record.launcher !== null && record.launcher !== unknownLauncher;
  return known ? watcher.adopt(record.handle) : undefined;
}
