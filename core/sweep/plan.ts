import type { PresetLibrary } from '../experiment/library.js';
import { resolveExperiment } from '../experiment/resolve.js';
import type { PluginLoader } from '../plugins/loader.js';
import type { JsonValue } from '../run/json.js';
import { updateCost } from '../step/cost.js';
import { prepare, type Host } from '../trainer/prepare.js';
import { jobKey } from './job.js';
import type { WantedJob } from './matrix.js';

/** A job with what it costs. */
export interface PlannedJob extends WantedJob {
  /** Updates of all phases together. */
  readonly updates: number;
  /** Multiply-adds of the whole training. */
  readonly work: number;
}

export interface Planning extends Host {
  readonly library: PresetLibrary;
  readonly loader: PluginLoader;
}

/**
 * Sets up every job's experiment once (jobs that differ in their seed alone share it), so that
 * what is wrong shows before anything is started, and counts its work.
 * @param data folder with IDX files
 * @throws NcnError naming what is wrong: an unknown value, missing data, a plugin that fails
 */
export async function planJobs(
  wanted: readonly WantedJob[],
  data: string | undefined,
  host: Planning,
): Promise<PlannedJob[]> {
  const known = new Map<string, { updates: number; work: number }>();
  const planned: PlannedJob[] = [];
  for (const job of wanted) {
    const key = jobKey({ ...job.request, seed: 0 });
    const cost = known.get(key) ?? (await costOf(job, data, host));
    known.set(key, cost);
    planned.push({ ...job, ...cost });
  }
  return planned;
}

async function costOf(
  { request }: WantedJob,
  data: string | undefined,
  host: Planning,
): Promise<{ updates: number; work: number }> {
  const { preset, profile, variant, plugins, without, set, seed } = request;
  const given: (readonly [string, JsonValue, string])[] = [
    ['seed', seed, 'sweep'],
    ...(data === undefined ? [] : [['data', data, 'command line'] as const]),
    ...set.map(([path, value]) => [path, value, 'command line'] as const),
  ];
  const experiment = await resolveExperiment(
    {
      preset,
      ...(profile === null ? {} : { profile }),
      ...(variant === null ? {} : { variant }),
      plugins,
      without,
      set: given,
    },
    host.library,
    host.loader,
  );
  const { built } = await prepare(experiment, host);
  const { blueprint, networks } = built;
  const { phases } = blueprint;
  const perImage = phases.reduce(
    (sum, phase) => sum + phase.updates * updateCost(blueprint, networks, phase),
    0,
  );
  return {
    updates: phases.reduce((sum, { updates }) => sum + updates, 0),
    work: perImage * experiment.core.batch,
  };
}
