import { NcnError } from '../errors/error.js';
import { configEdited } from '../errors/run.js';
import type { ResolvedExperiment } from '../experiment/resolve.js';
import type { ConfigChange } from '../experiment/restore.js';
import { obsoleteValues } from '../experiment/obsolete.js';
import { saveConfig, type SavedConfig } from '../experiment/saved.js';
import { differencesBetween, isSealedPath, sealedValues, undone } from '../experiment/sealed.js';
import type { ChangedValue, RunChange } from '../run/changes.js';
import { CheckpointStore, type Checkpoint } from '../run/checkpoints.js';
import type { RunDirectory } from '../run/directory.js';
import { canonicalJson, type JsonObject } from '../run/json.js';
import type { Manifest } from '../run/manifest.js';
import type { RunLog } from '../services/log.js';

/** What a run was when it was opened. */
export interface RunBefore {
  /** Its directory. */
  readonly directory: string;
  readonly manifest: Manifest;
  readonly saved: SavedConfig;
  /** What its caller wants to be different. */
  readonly changes: readonly ConfigChange[];
  /** The experiment with these sealed values in place of those that are saved. */
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

/**
 * What sealed values mean today: with the options that are newer than they, and with those that are
 * gone since. As they are where they cannot be restored any more.
 */
export async function meaningOf(
  { restore, directory }: RunBefore,
  values: JsonObject,
): Promise<JsonObject> {
  try {
    const { 'data set': data } = values;
    const experiment = await restore(values);
    const saved = saveConfig(experiment, directory);
    const obsolete = obsoleteValues(
      Object.entries(values).map(([path, value]) => ({ path, value })),
      experiment.plugins.map(({ loaded }) => loaded),
    );
    const files = Object.entries(values).filter(([, value]) => isSealedPath(value));
    return {
      ...sealedValues(saved, typeof data === 'string' ? data : ''),
      ...Object.fromEntries(files),
      ...Object.fromEntries(obsolete.map(({ path, value }) => [path, value])),
    };
  } catch (error) {
    if (error instanceof NcnError) return values;
    throw error;
  }
}

/** How a checkpoint's configuration goes with the one that is saved. */
export interface Reconciled {
  /** Changes that are recorded, and that the checkpoint's state does not know yet. */
  readonly pending: readonly RunChange[];
  /** Values that nobody recorded a change of. */
  readonly edited: readonly ChangedValue[];
}

/**
 * Compares the configuration that a checkpoint carries with the one that is saved: as they stand, and
 * where that differs, what they mean. An older version may have written one of them.
 */
export async function reconcile(
  { configuration, update }: Pick<Checkpoint, 'configuration' | 'update'>,
  before: RunBefore,
): Promise<Reconciled> {
  const { changes } = before.saved;
  const values = sealedBefore(before);
  const later = changes.filter((change) => change.update >= update);
  if (configuration === undefined) {
    return { pending: changes.filter((change) => change.update > update), edited: [] };
  }
  const carried = configuration.values;
  if (canonicalJson(carried) === canonicalJson(values)) return { pending: [], edited: [] };
  const meant = await meaningOf(before, carried);
  const differences = async (saved: JsonObject): Promise<ChangedValue[]> =>
    differencesBetween(meant, await meaningOf(before, saved));
  for (let count = 0; count <= later.length; count++) {
    const pending = later.slice(later.length - count);
    const past = undone(values, pending);
    // Plugins of before a change may be gone, and what they mean unknown.
    const same = count > 0 && differencesBetween(carried, past).length === 0;
    if (same || (await differences(past)).length === 0) return { pending, edited: [] };
  }
  return { pending: [], edited: await differences(values) };
}

/** @throws NcnError where `config.json` was edited since the checkpoint */
export async function checkUnedited(run: ExistingRun, checkpoint: Checkpoint): Promise<void> {
  if (run.before === undefined) return;
  const { edited } = await reconcile(checkpoint, run.before);
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
  await checkUnedited(run, checkpoint);
  return checkpoint;
}
