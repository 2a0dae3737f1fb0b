import { comparisonModel } from '../report/comparison.js';
import { DeclaredMetrics } from '../report/metrics.js';
import type { ListedRunModel, ListModel, PageModel } from '../report/model.js';
import type { RunData } from '../report/run-data.js';
import { runModel } from '../report/run-model.js';
import { newestSheet, type Addressing } from '../report/samples.js';
import { newest } from '../report/series.js';
import { statusOf } from '../report/status.js';
import type { BrokenRun, WatchedRun, WatchedRuns } from './runs.js';

export const runHref = (id: string): string => `/run/${encodeURIComponent(id)}`;

/** Numbers of a run in the list. */
const listed = 4;

/** Pictures and sounds are asked for one by one, with a stamp that changes when they do. */
const addressing: Addressing = {
  of: async (source, file) =>
    `/file/${[source.id, ...file.split('/')].map(encodeURIComponent).join('/')}?${encodeURIComponent(await source.stamp(file))}`,
  played: Infinity,
};

/** The runs of a folder, the newest first. */
export async function listModel(runs: WatchedRuns): Promise<ListModel> {
  const found = await runs.all();
  const entries = await Promise.all(found.map(listedRun));
  entries.sort((a, b) => (a.created < b.created ? 1 : -1));
  return { kind: 'list', title: runs.root, runs: entries };
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
      metrics: [],
      problem: run.problem,
    };
  }
  const { manifest, source } = run.data;
  const thumbnail = await newestSheet(source, addressing).catch(() => undefined);
  return {
    id: source.id,
    href: runHref(source.id),
    preset: manifest.preset,
    profile: manifest.profile,
    seed: manifest.seed,
    created: manifest.created,
    status: statusOf(run.data, Date.now(), run.earlier),
    metrics: headline(run.data),
    ...(thumbnail === undefined ? {} : { thumbnail }),
  };
}

/** The newest of the metrics that a run wants to be seen: those of its test, where it has had one. */
function headline({
  manifest,
  series: { evaluations },
  source,
}: RunData): ListedRunModel['metrics'] {
  const values =
    evaluations.get('test') ?? evaluations.get('fixed') ?? [...evaluations.values()][0];
  if (values === undefined) return [];
  return new DeclaredMetrics([{ run: source.id, metrics: manifest.metrics }])
    .sorted(values.keys())
    .filter((metric) => metric.headline)
    .slice(0, listed)
    .flatMap((metric) => {
      const value = newest(values, metric.name);
      return value === undefined ? [] : [{ metric, value }];
    });
}

/** Undefined where there is no such run. @throws NcnError where it cannot be read */
export async function watchedRunModel(
  runs: WatchedRuns,
  id: string,
): Promise<PageModel | undefined> {
  const run = await runs.get(id);
  return run && runModel(run.data, addressing, Date.now(), run.earlier);
}

/** Undefined where one of them is no run, or there are fewer than two. @throws NcnError */
export async function watchedComparison(
  runs: WatchedRuns,
  ids: readonly string[],
): Promise<PageModel | undefined> {
  const found = await Promise.all([...new Set(ids)].map((id) => runs.get(id)));
  const data = found.flatMap((run) => (run === undefined ? [] : [run.data]));
  if (data.length < found.length || data.length < 2) return undefined;
  return comparisonModel(data, addressing, Date.now(), runHref);
}
