import { formatDuration } from '../../core/services/format.js';
import type { JobRecord } from './events.js';
import { inOneLine } from '../harmless.js';
import { noCounts, type StateCounts } from './ledger-state.js';

/** How many jobs are in each state. */
export function countStates(records: Iterable<JobRecord>): StateCounts {
  const counts = noCounts();
  for (const { state } of records) counts[state] += 1;
  return counts;
}

/** `12 of 48 done, 2 running, 1 failed, 33 queued`. */
export function describeCounts(counts: Readonly<StateCounts>): string {
  const rest = (
    ['running', 'failed', 'cancelled', 'lost', 'unknown', 'queued', 'submitted', 'planned'] as const
  )
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`);
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [`${counts.done} of ${all} done`, ...rest].join(', ');
}

/** Share of a job's work that is done, from 0 to 1. */
export function progressOf({ state, job }: JobRecord, update: number | undefined): number {
  if (state === 'done') return 1;
  return job.updates === 0 ? 0 : Math.min(1, (update ?? 0) / job.updates);
}

/** Work done and work wanted, over the jobs that have not failed and are not cancelled. */
export function totalWork(
  records: readonly JobRecord[],
  updates: ReadonlyMap<number, number>,
): { done: number; wanted: number } {
  let [done, wanted] = [0, 0];
  for (const record of records) {
    if (record.state === 'failed' || record.state === 'cancelled') continue;
    const { number, work } = record.job;
    wanted += work;
    done += work * progressOf(record, updates.get(number) ?? record.heartbeat?.update);
  }
  return { done, wanted };
}

/** Tells how long the rest takes, from what was done since this was made. */
export class Forecast {
  private readonly since = performance.now();
  private first: number | undefined;

  /** Seconds; undefined until something was done. */
  remaining({ done, wanted }: { done: number; wanted: number }): number | undefined {
    this.first ??= done;
    const seconds = (performance.now() - this.since) / 1000;
    const gained = done - this.first;
    return gained <= 0 ? undefined : ((wanted - done) * seconds) / gained;
  }
}

/** `running, update 300 of 1200 (25 %)` and the like. */
export function describeJob(record: JobRecord, update: number | undefined): string {
  const { state, job, starts } = record;
  const reason = record.reason === null ? undefined : inOneLine(record.reason);
  const at = `update ${update ?? 0} of ${job.updates}`;
  switch (state) {
    case 'running':
      return `${at} (${(100 * progressOf(record, update)).toFixed(0)} %)`;
    case 'failed':
    case 'lost':
    case 'unknown':
      return reason ?? '';
    case 'planned':
    case 'submitted':
    case 'queued':
      return starts === 0 ? '' : `begun: ${reason ?? at}`;
    case 'done':
      return formatDuration(record.seconds);
    case 'cancelled':
      return '';
  }
}
