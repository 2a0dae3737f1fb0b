import { openEngine } from '../engines/registry.js';
import type { EngineSession } from '../core/engine/types.js';
import { configChanged, dataChanged } from '../core/errors/config.js';
import { restoreExperiment, savedConfigSchema } from '../core/experiment/saved.js';
import { CheckpointStore, type Checkpoint } from '../core/run/checkpoints.js';
import { RunDirectory } from '../core/run/directory.js';
import { manifestSchema, type Manifest } from '../core/run/manifest.js';
import { prepare, type Prepared } from '../core/trainer/build/prepare.js';
import { valuesOf, type CommandContext, type ExperimentOptions } from './context.js';

export interface OpenRunOptions extends ExperimentOptions {
  /** Allows a changed configuration. */
  readonly acceptChanges?: boolean;
}

/** An existing run, ready to go on or to be evaluated. */
export interface OpenedRun {
  readonly directory: RunDirectory;
  readonly manifest: Manifest;
  readonly prepared: Prepared;
  readonly session: EngineSession;
}

/**
 * Reads a run's configuration, sets its plugins up again and opens the engine that it ran on.
 * @throws NcnError when something changed, unless `acceptChanges`
 */
export async function openRun(
  name: string,
  options: OpenRunOptions,
  context: CommandContext,
): Promise<OpenedRun> {
  const directory = await RunDirectory.open(name);
  const manifest = await directory.readJson('manifest.json', manifestSchema);
  const saved = await directory.readJson('config.json', savedConfigSchema);
  const request = {
    set: valuesOf(options),
    plugins: options.plugin ?? [],
    without: options.without ?? [],
  };
  const { library, loader } = context;
  const { experiment, changes } = await restoreExperiment(saved, request, library, loader);
  // Where the data lies may change; what it is may not, and its hash is compared below.
  const serious = changes.filter(({ path }) => path !== 'data' && path !== 'threads');
  if (serious.length > 0 && options.acceptChanges !== true) {
    const list = serious.map(
      ({ path, before, after }) => `${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    );
    throw configChanged(directory.path, list);
  }
  const pinned =
    experiment.core.dataset === 'auto'
      ? { ...experiment, core: { ...experiment.core, dataset: manifest.dataset.name } }
      : experiment;
  const prepared = await prepare(pinned, context);
  if (prepared.dataset.hash !== manifest.dataset.hash && options.acceptChanges !== true) {
    throw dataChanged(manifest.dataset, prepared.dataset);
  }
  const { engine, threads } = experiment.core;
  const session = await openEngine(
    engine === 'auto' ? manifest.engine.name : engine,
    threads === null ? {} : { threads },
  );
  return { directory, manifest, prepared, session };
}

/** The newest checkpoint that is whole; undefined where the run was stopped before its first. */
export async function newestCheckpoint(
  directory: RunDirectory,
  { log }: CommandContext,
): Promise<Checkpoint | undefined> {
  const store = new CheckpointStore(directory.checkpoints);
  if ((await store.list()).length === 0) {
    log.logger.warn('the run has no checkpoint yet: it starts from the beginning');
    return undefined;
  }
  return store.latestValid((message) => log.logger.warn(message));
}
