import { comparisonModel } from '../report/comparison.js';
import type { ListedRunModel, PageModel } from '../report/model.js';
import { runModel } from '../report/run-model.js';
import { samplesOf, type ImageAddress } from '../report/samples.js';
import { statusOf } from '../report/status.js';
import type { BrokenRun, WatchedRun, WatchedRuns } from './runs.js';

export const runHref = (id: string): string => `/run/${encodeURIComponent(id)}`;

/** Pictures are asked for one by one, with a stamp that changes when they do. */
const address: ImageAddress = async (source, file) =>
  `/image/${encodeURIComponent(source.id)}/${file}?${encodeURIComponent(await source.stamp(file))}`;

export async function listModel(runs: WatchedRuns): Promise<PageModel> {
  const found = await runs.all();
  const listed = await Promise.all(found.map(listedRun));
  listed.sort((a, b) => (a.created < b.created ? 1 : -1));
  return { kind: 'list', title: runs.root, runs: listed };
}

async function listedRun(run: WatchedRun | BrokenRun): Promise<ListedRunModel> {
  if ('problem' in run) {
    return {
      id: run.id,
      href: runHref(run.id),
      preset: run.id,
      profile: '',
      seed: 0,
      created: '',
      status: { state: 'unknown', update: 0, totalUpdates: 0 },
      problem: run.problem,
    };
  }
  const { manifest, series, source } = run.data;
  const metrics = series.evaluations.get('test') ?? series.evaluations.get('fixed');
  const content = metrics?.get('content')?.at(-1)?.[1];
  const psnr = metrics?.get('psnr')?.at(-1)?.[1];
  const samples = await samplesOf(source, address, 2).catch(() => undefined);
  const thumbnail = samples?.frames.at(-1)?.src;
  return {
    id: source.id,
    href: runHref(source.id),
    preset: manifest.preset,
    profile: manifest.profile,
    seed: manifest.seed,
    created: manifest.created,
    status: statusOf(run.data, Date.now(), run.earlier),
    ...(content === undefined ? {} : { content }),
    ...(psnr === undefined ? {} : { psnr }),
    ...(thumbnail === undefined ? {} : { thumbnail }),
  };
}

/** Undefined where there is no such run. @throws NcnError where it cannot be read */
export async function watchedRunModel(
  runs: WatchedRuns,
  id: string,
): Promise<PageModel | undefined> {
  const run = await runs.get(id);
  return run && runModel(run.data, address, Date.now(), run.earlier);
}

/** Undefined where one of them is no run, or there are fewer than two. @throws NcnError */
export async function watchedComparison(
  runs: WatchedRuns,
  ids: readonly string[],
): Promise<PageModel | undefined> {
  const found = await Promise.all([...new Set(ids)].map((id) => runs.get(id)));
  const data = found.flatMap((run) => (run === undefined ? [] : [run.data]));
  if (data.length < found.length || data.length < 2) return undefined;
  return comparisonModel(data, address, Date.now(), runHref);
}
