import type { NcnError } from '../errors/error.js';
import { configEdited } from '../errors/run.js';
import type { ResolvedExperiment } from '../experiment/resolve.js';
import type { ConfigChange, SavedConfig } from '../experiment/saved.js';
import { differencesBetween, sealedValues, undone } from '../experiment/sealed.js';
import type { ChangedValue, RunChange } from '../run/changes.js';
import { CheckpointStore, type Checkpoint } from '../run/checkpoints.js';
import type { RunDirectory } from '../run/directory.js';
import type { JsonObject } from '../run/json.js';
import type { Manifest } from '../run/manifest.js';
import type { RunLog } from '../services/log.js';

/** What a run was when it was opened. */
export interface RunBefore {
  readonly manifest: Manifest;
  readonly saved: SavedConfig;
  /** What its caller wants to be different. */
  readonly changes: readonly ConfigChange[];
  /** The experiment with these values in place of those that are saved. */
  readonly restore: (values: JsonObject) => Promise<ResolvedExperiment>;
}

/** The run of an experiment. */
export interface ExistingRun {
  readonly directory: RunDirectory;
  /** Where it was opened, not trained here. */
  readonly before?: RunBefore;
  /** Whether it may go on although something changed. */
  readonly acceptChanges: boolean;
}

/** What a run's configuration says that its numbers depend on. */
export const sealedBefore = ({ saved, manifest }: RunBefore): JsonObject =>
  sealedValues(saved, manifest.dataset.hash);

/** How a checkpoint's configuration goes with the one that is saved. */
export interface Reconciled {
  /** Changes that are recorded, and that the checkpoint's state does not know yet. */
  readonly pending: readonly RunChange[];
  /** Values that nobody recorded a change of. */
  readonly edited: readonly ChangedValue[];
}

/** Compares the configuration that a checkpoint carries with the one that is saved. */
export function reconcile(
  { configuration, update }: Pick<Checkpoint, 'configuration' | 'update'>,
  before: RunBefore,
): Reconciled {
  const { changes } = before.saved;
  const values = sealedBefore(before);
  const later = changes.filter((change) => change.update >= update);
  if (configuration === undefined) {
    return { pending: changes.filter((change) => change.update > update), edited: [] };
  }
  for (let count = 0; count <= later.length; count++) {
    const pending = later.slice(later.length - count);
    const differing = differencesBetween(configuration.values, undone(values, pending));
    if (differing.length === 0) return { pending, edited: [] };
  }
  return { pending: [], edited: differencesBetween(configuration.values, values) };
}

/** @throws NcnError where `config.json` was edited since the checkpoint */
export function checkUnedited(run: ExistingRun, checkpoint: Checkpoint): void {
  if (run.before === undefined) return;
  const { edited } = reconcile(checkpoint, run.before);
  if (edited.length > 0) throw configEdited(run.directory.path, edited.map(line));
}

export const line = ({ path, before, after }: ChangedValue): string =>
  `${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`;

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
  run: ExistingRun,
  log: RunLog,
  refuse: (run: string) => NcnError,
): Promise<Checkpoint> {
  const checkpoint = await newestCheckpoint(run.directory, log);
  if (checkpoint === undefined) throw refuse(run.directory.path);
  checkUnedited(run, checkpoint);
  return checkpoint;
}
