import type { RunData } from './run-data.js';
import { newest } from './series.js';

/** The last numbers of an evaluation. */
export interface Final {
  readonly update: number;
  /** By metric; NaN and infinities are left out. */
  readonly values: ReadonlyMap<string, number>;
}

type Parts = Pick<RunData, 'series' | 'status' | 'summary' | 'totalUpdates' | 'manifest'>;

/**
 * The last numbers of each evaluation. What came out of a finished run stands in `summary.json`: its
 * log, which is longer, may have been cut or lost.
 */
export function finalsOf(data: Parts): Map<string, Final> {
  const finals = new Map<string, Final>();
  for (const [evaluation, of] of data.series.evaluations) {
    const values = [...of.keys()].flatMap((metric) => {
      const value = newest(of, metric);
      return value === undefined ? [] : [[metric, value] as const];
    });
    const update = Math.max(0, ...[...of.values()].map((line) => line.at(-1)?.[0] ?? 0));
    finals.set(evaluation, { update, values: new Map(values) });
  }
  const wrong = contradicted(data);
  for (const [evaluation, metric, value] of wrong) {
    const known = finals.get(evaluation)?.values ?? new Map<string, number>();
    const update = data.status?.update ?? data.totalUpdates;
    finals.set(evaluation, { update, values: new Map([...known, [metric, value]]) });
  }
  return finals;
}

/** What to tell of a log that does not say what its run's summary says; undefined: nothing. */
export function logProblem(data: Parts): string | undefined {
  const wrong = contradicted(data);
  if (wrong.length === 0) return undefined;
  const names = wrong.map(([evaluation, metric]) => `${evaluation}/${metric}`);
  const shown = names.length > 3 ? [...names.slice(0, 3), '…'] : names;
  return `metrics.jsonl, which tells up to update ${data.series.update}, does not say what summary.json says of the finished run (${shown.join(', ')}): results are those of summary.json, curves those of the log.`;
}

/** Numbers of the summary that the log does not end with. */
function contradicted(data: Parts): [string, string, number][] {
  const { series, status, summary } = data;
  if (status?.state !== 'finished' || summary === undefined) return [];
  const evaluationOf = evaluationIn(data);
  return Object.entries(summary.results).flatMap(([name, value]) => {
    const evaluation = evaluationOf(name);
    if (evaluation === undefined || typeof value !== 'number') return [];
    const metric = name.slice(evaluation.length + 1);
    const logged = newest(series.evaluations.get(evaluation) ?? new Map(), metric);
    return logged === value ? [] : [[evaluation, metric, value]];
  });
}

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
