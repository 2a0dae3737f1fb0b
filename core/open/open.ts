import { existsSync } from 'node:fs';
import type { EngineOptions } from '../engine/types.js';
import { restoreExperiment, withSealed, type RestoreRequest } from '../experiment/restore.js';
import { located, savedConfigSchema } from '../experiment/saved.js';
import { isPath } from '../experiment/places.js';
import {
  resolveExperiment,
  type ExperimentRequest,
  type ResolvedExperiment,
} from '../experiment/resolve.js';
import type { JsonObject } from '../run/json.js';
import { RunDirectory } from '../run/directory.js';
import { manifestSchema } from '../run/manifest.js';
import { OpenExperiment } from './experiment.js';
import { changesOf, requestOf } from './request.js';
import { Sessions, type EngineChoice } from './sessions.js';
import { silentSurroundings, type Surroundings } from './surroundings.js';
import type { Experiment, ExperimentOptions, ExperimentSource, RunOptions } from './types.js';

/**
 * Opens an experiment: a preset by its name, path or package, a preset, or a definition.
 * @example
 *   const experiment = await openExperiment('dcnn_v1', { profile: 'quick' });
 *   const { results } = await experiment.train();
 *   await experiment.close();
 * @throws NcnError naming what is wrong: an unknown name, a value, a plugin
 */
export async function openExperiment(
  source: ExperimentSource,
  options: ExperimentOptions = {},
): Promise<Experiment> {
  return openWith(await silentSurroundings(options), source, options);
}

/**
 * Opens a run that exists, to resume, evaluate, replay or use it.
 * @param run its directory, or its name in `runs`
 * @throws NcnError where it is none, or a plugin of it is gone
 */
export async function openRun(run: string, options: RunOptions = {}): Promise<Experiment> {
  const around = await silentSurroundings(options);
  const { engine, acceptChanges = false } = options;
  const request = { ...changesOf(options, around), acceptChanges };
  return openRunIn(around, run, request, engine);
}

/** {@link openExperiment} in surroundings that are there, with what is not for everyone. */
export async function openWith(
  around: Surroundings,
  source: ExperimentSource,
  options: ExperimentOptions = {},
): Promise<OpenExperiment> {
  return openIn(around, requestOf(source, options, around), options.engine);
}

/** The same for what was asked for in another way. */
export async function openIn(
  around: Surroundings,
  request: ExperimentRequest,
  engine?: EngineChoice,
): Promise<OpenExperiment> {
  const resolved = await resolveExperiment(request, around.library, around.loader);
  const { core } = resolved;
  return new OpenExperiment(
    resolved,
    around,
    new Sessions(engine ?? core.engine, engineOptions(core.threads, around)),
  );
}

/** {@link openRun} in surroundings that are there. */
export async function openRunIn(
  around: Surroundings,
  run: string,
  request: RestoreRequest & {
    readonly acceptChanges?: boolean;
    /** Is asked before code is loaded that the run names by path; throws where it must not be. */
    readonly permit?: (code: {
      readonly directory: string;
      readonly files: readonly string[];
    }) => Promise<void>;
  },
  engine?: EngineChoice,
): Promise<OpenExperiment> {
  const { library, loader } = around;
  const { acceptChanges = false } = request;
  const directory = await RunDirectory.open(run);
  const manifest = await directory.readJson('manifest.json', manifestSchema);
  const saved = located(await directory.readJson('config.json', savedConfigSchema), directory.path);
  const files = saved.plugins.flatMap(({ spec }) => loader.fileOf(spec) ?? []);
  await request.permit?.({ directory: directory.path, files });
  const { experiment, changes } = await restoreExperiment(saved, request, library, loader);
  for (const { path, value, type } of experiment.values) {
    // A word that an option takes in place of a path was never a file.
    if (!isPath({ type }) || saved.places[path] === undefined) continue;
    if (typeof value !== 'string' || existsSync(value)) continue;
    around.log.logger.warn(
      `${value} is not there, which the run needs; say where it is with --set ${path}=PATH`,
    );
  }
  const restore = async (values: JsonObject): Promise<ResolvedExperiment> => {
    const past = withSealed(saved, values);
    return (await restoreExperiment(past, { set: [] }, library, loader)).experiment;
  };
  const { core } = experiment;
  // What was chosen for the run stays chosen.
  const dataset = core.dataset === 'auto' ? manifest.dataset.name : core.dataset;
  const named = core.engine === 'auto' ? manifest.engine.name : core.engine;
  const chosen = typeof engine === 'object' ? engine : named;
  return new OpenExperiment(
    { ...experiment, core: { ...core, dataset } },
    around,
    new Sessions(chosen, engineOptions(core.threads, around)),
    {
      directory,
      before: { directory: directory.path, manifest, saved, changes, restore },
      acceptChanges,
    },
  );
}

/** @param threads null: as many as the engine thinks right */
const engineOptions = (threads: number | null, { cache }: Surroundings): EngineOptions => ({
  ...(threads !== null && { threads }),
  ...(cache !== undefined && { cache }),
});
