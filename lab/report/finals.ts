import type { RunData } from './run-data.js';

/** The last numbers of an evaluation. */
export interface Final {
  readonly update: number;
  /** By metric; NaN and infinities are left out. */
  readonly values: ReadonlyMap<string, number>;
  /** The metrics that are left out. */
  readonly notNumbers: readonly string[];
}

type Parts = Pick<RunData, 'series' | 'status' | 'summary' | 'totalUpdates' | 'manifest'>;

/**
 * The last numbers of each evaluation. What came out of a finished run stands in `summary.json`: its
 * log, which is longer, may have been cut or lost.
 */
export function finalsOf(data: Parts): Map<string, Final> {
  const finals = new Map<string, { update: number; all: Map<string, number> }>();
  for (const [evaluation, of] of data.series.evaluations) {
    const all = new Map(
      [...of].flatMap(([metric, line]) => {
        const value = line.at(-1)?.[1];
        return value === undefined ? [] : [[metric, value] as const];
      }),
    );
    const update = Math.max(0, ...[...of.values()].map((line) => line.at(-1)?.[0] ?? 0));
    finals.set(evaluation, { update, all });
  }
  for (const [evaluation, metric, value] of contradicted(data)) {
    const known = finals.get(evaluation)?.all ?? new Map<string, number>();
    const update = data.status?.update ?? data.totalUpdates;
    finals.set(evaluation, { update, all: known.set(metric, value) });
  }
  return new Map(
    [...finals].map(([evaluation, { update, all }]) => {
      const values = new Map([...all].filter(([, value]) => Number.isFinite(value)));
      const notNumbers = [...all.keys()].filter((metric) => !values.has(metric));
      return [evaluation, { update, values, notNumbers }];
    }),
  );
}

/** What to tell of a run whose last numbers are none: means over seeds are without them. Undefined: nothing. */
export function leftOutProblem(data: Parts): string | undefined {
  const names = [...finalsOf(data)].flatMap(([evaluation, { notNumbers }]) =>
    evaluation === 'fixed' ? [] : notNumbers.map((metric) => `${evaluation}/${metric}`),
  );
  if (names.length === 0) return undefined;
  const are = names.length === 1 ? 'is no finite number' : 'are no finite numbers';
  return `${shortened(names)} ${are}: means over the seeds leave this run out there.`;
}

const shortened = (names: readonly string[]): string =>
  (names.length > 3 ? [...names.slice(0, 3), '…'] : names).join(', ');

/** What to tell of a log that does not say what its run's summary says; undefined: nothing. */
export function logProblem(data: Parts): string | undefined {
  const wrong = contradicted(data);
  if (wrong.length === 0) return undefined;
  const names = wrong.map(([evaluation, metric]) => `${evaluation}/${metric}`);
  return `metrics.jsonl, which tells up to update ${data.series.update}, does not say what summary.json says of the finished run (${shortened(names)}): results are those of summary.json, curves those of the log.`;
}

/** Numbers of the summary that the log does not end with. */
function contradicted(data: Parts): [string, string, number][] {
  const { series, status, summary } = data;
  if (status?.state !== 'finished' || summary === undefined) return [];
  const evaluationOf = evaluationIn(data);
  return Object.entries(summary.results).flatMap(([name, value]) => {
    const evaluation = evaluationOf(name);
    const number = typeof value === 'number' ? value : notFinite.get(value);
    if (evaluation === undefined || number === undefined) return [];
    const metric = name.slice(evaluation.length + 1);
    const logged = series.evaluations.get(evaluation)?.get(metric)?.at(-1)?.[1];
    return Object.is(logged, number) ? [] : [[evaluation, metric, number]];
  });
}

/** As JSON has them. */
const notFinite = new Map([NaN, Infinity, -Infinity].map((value) => [String(value), value]));

/**
 * Of which evaluation a number of the summary is; undefined for one that a plugin set there. Names of
 * both may hold slashes: the longest that the log knows counts, and where the log knows none, what
 * stands before a metric's name.
 */
function evaluationIn({ series, manifest }: Parts): (name: string) => string | undefined {
  const known = [...new Set(['fixed', 'test', ...series.evaluations.keys()])];
  const metrics = series.evaluations.size > 0 ? [] : manifest.metrics.map(({ name }) => name);
  const longestFirst = (a: string, b: string): number => b.length - a.length;
  known.sort(longestFirst);
  metrics.sort(longestFirst);
  return (name) => {
    const found = known.find((evaluation) => name.startsWith(`${evaluation}/`));
    if (found !== undefined) return found;
    const metric = metrics.find((one) => name.endsWith(`/${one}`));
    return metric === undefined
      ? undefined
      : name.slice(0, -metric.length - 1).replace(/\/batch$/, '');
  };
}
