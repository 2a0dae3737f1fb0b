import type { LoadedDatasets } from '../../core/data/registry.js';
import { describeUnreached, unreached } from '../../core/experiment/unreached.js';
import { openIn } from '../../core/open/open.js';
import type { Surroundings } from '../../core/open/surroundings.js';
import type { JsonValue } from '../../core/run/json.js';
import { describeData, trainingWork } from '../../core/trainer/estimate/plan.js';
import { channelsOf } from '../../core/trainer/estimate/speed.js';
import { parseConfigFile, type ConfigFile } from '../../core/experiment/config-file.js';
import { configText, jobKey, type JobRequest } from './job.js';
import type { WantedJob } from './matrix.js';

interface Cost {
  /** Updates of all phases together. */
  readonly updates: number;
  /** Multiply-adds of the whole training. */
  readonly work: number;
  /** Channels of a layer like those of its networks: how fast a machine is depends on them. */
  readonly channels: number;
  /** Its data, for people. */
  readonly data: string;
  /** What its number of updates leaves out, for people. */
  readonly unreached: readonly string[];
}

/** A job with what it costs. */
export interface PlannedJob extends WantedJob, Cost {}

/**
 * Sets up every job's experiment once (jobs that differ in their seed alone share it), so that
 * what is wrong shows before anything is started, and counts its work.
 * @param data folder with IDX files
 * @throws NcnError naming what is wrong: an unknown value, missing data, a plugin that fails
 */
export async function planJobs(
  wanted: readonly WantedJob[],
  data: string | undefined,
  around: Surroundings,
): Promise<PlannedJob[]> {
  const known = new Map<string, Cost>();
  const datasets: LoadedDatasets = new Map();
  const planned: PlannedJob[] = [];
  for (const job of wanted) {
    const key = jobKey({ ...job.request, seed: 0 });
    const cost = known.get(key) ?? (await costOf(job, data, { ...around, datasets }));
    known.set(key, cost);
    planned.push({ ...job, ...cost });
  }
  return planned;
}

async function costOf(
  { request }: WantedJob,
  data: string | undefined,
  around: Surroundings,
): Promise<Cost> {
  const { preset, profile, variant, plugins, without, set, seed, scale = false } = request;
  const given: (readonly [string, JsonValue, string])[] = [
    ['seed', seed, 'sweep'],
    ...(data === undefined ? [] : [['data', data, 'command line'] as const]),
    ...set.map(([path, value]) => [path, value, 'command line'] as const),
  ];
  const asked = {
    ...(profile === null ? {} : { profile }),
    ...(variant === null ? {} : { variant }),
  };
  const file = await fileOf(request, around);
  const wanted = { preset, ...asked, ...file, plugins, without, set: given, scale };
  const { built, experiment, dataset } = await (await openIn(around, wanted)).prepare();
  return {
    updates: built.blueprint.phases.reduce((sum, { updates }) => sum + updates, 0),
    work: trainingWork(built, experiment.core.batch),
    channels: channelsOf(built.networks.values()),
    data: describeData(dataset),
    unreached: describeUnreached(unreached(experiment, built.networks), experiment.core.updates),
  };
}

/** As the job's own process reads it. */
async function fileOf(
  request: JobRequest,
  { library }: Surroundings,
): Promise<{ file?: ConfigFile }> {
  if (request.file === undefined) return {};
  for (const preset of request.file.presets) await library.open(preset);
  return { file: await parseConfigFile(configText(request), process.cwd()) };
}
