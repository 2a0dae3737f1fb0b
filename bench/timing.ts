import type { CaseResult } from './measure.js';

/** How long updates are timed. */
export interface Timing {
  /** Updates that are timed at least. */
  readonly updates: number;
  /** Seconds before which it does not end. */
  readonly seconds: number;
}

/**
 * Times updates, one or two to warm up first: a second one where the first took less than five seconds.
 * bench/peers/measured.py does the same.
 * @param update milliseconds that an update of this number took, from 1
 */
export async function timeUpdates(
  update: (number: number) => Promise<number>,
  { updates, seconds }: Timing,
): Promise<Pick<CaseResult, 'times' | 'cpuMs' | 'firstMs'>> {
  let done = 0;
  const next = (): Promise<number> => update(++done);
  // The first updates take memory and warm the caches up.
  const firstMs = await next();
  if (firstMs < 5000) await next();
  const times: number[] = [];
  const before = process.cpuUsage();
  const started = performance.now();
  while (times.length < updates || performance.now() - started < seconds * 1000) {
    times.push(await next());
  }
  const spent = process.cpuUsage(before);
  return { times, cpuMs: (spent.user + spent.system) / 1000 / times.length, firstMs };
}

/** The options that say it. */
export const timingHelp = {
  updates: 'updates that are timed at least',
  seconds: 'seconds before which it does not end',
};
