import { configChanged, dataChanged } from '../errors/config.js';
import type { NcnError } from '../errors/error.js';
import type { ConfigChange } from '../experiment/saved.js';
import { CheckpointStore, type Checkpoint } from '../run/checkpoints.js';
import type { RunDirectory } from '../run/directory.js';
import type { Manifest } from '../run/manifest.js';
import type { RunLog } from '../services/log.js';
import type { Prepared } from '../trainer/build/prepare.js';

/** The run of an experiment. */
export interface ExistingRun {
  readonly directory: RunDirectory;
  /** Where it was opened, not trained here: what it was, and what is different now. */
  readonly before?: { readonly manifest: Manifest; readonly changes: readonly ConfigChange[] };
  /** Whether it may go on although something changed, or it is finished. */
  readonly acceptChanges: boolean;
}

/**
 * Checks that a run goes on as it began.
 * @throws NcnError where its configuration or its data changed, unless the caller accepts that
 */
export function checkUnchanged(
  { directory, before, acceptChanges }: ExistingRun,
  { dataset }: Prepared,
): void {
  if (before === undefined || acceptChanges) return;
  const { manifest, changes } = before;
  // Where the data lies may change; what it is may not, and its hash is compared.
  const serious = changes.filter(({ path }) => path !== 'data' && path !== 'threads');
  if (serious.length > 0) {
    const list = serious.map(
      ({ path, before: was, after }) =>
        `${path}: ${JSON.stringify(was)} → ${JSON.stringify(after)}`,
    );
    throw configChanged(directory.path, list);
  }
  if (dataset.hash !== manifest.dataset.hash) throw dataChanged(manifest.dataset, dataset);
}

/** The newest checkpoint that is whole; undefined where the run was stopped before its first. */
export async function newestCheckpoint(
  directory: RunDirectory,
  { logger }: RunLog,
): Promise<Checkpoint | undefined> {
  const store = new CheckpointStore(directory.checkpoints);
  if ((await store.list()).length === 0) return undefined;
  return store.latestValid((message) => logger.warn(message));
}

/** The same where there must be one. @param refuse makes the error of a run without */
export async function checkpointOf(
  directory: RunDirectory,
  log: RunLog,
  refuse: (run: string) => NcnError,
): Promise<Checkpoint> {
  const checkpoint = await newestCheckpoint(directory, log);
  if (checkpoint === undefined) throw refuse(directory.path);
  return checkpoint;
}
