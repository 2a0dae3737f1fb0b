import type { RunData } from './run-data.js';
import { newest } from './series.js';

/** The last numbers of an evaluation. */
export interface Final {
  readonly update: number;
  /** By metric; NaN and infinities are left out. */
  readonly values: ReadonlyMap<string, number>;
}

type Parts = Pick<RunData, 'series' | 'status' | 'summary' | 'totalUpdates'>;

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
function contradicted({ series, status, summary }: Parts): [string, string, number][] {
  if (status?.state !== 'finished' || summary === undefined) return [];
  return Object.entries(summary.results).flatMap(([name, value]) => {
    const slash = name.indexOf('/');
    if (slash < 0 || typeof value !== 'number') return [];
    const [evaluation, metric] = [name.slice(0, slash), name.slice(slash + 1)];
    const logged = newest(series.evaluations.get(evaluation) ?? new Map(), metric);
    return logged === value ? [] : [[evaluation, metric, value]];
  });
}
