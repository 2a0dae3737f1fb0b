import { meanInterval, proportionInterval, spreadOf, type Measurement } from 'ncn/lab';
import type { JudgedPart } from './analysis.js';

/** What values a metric can take. */
export type Possible = readonly [low: number, high: number];

/** `0.19 [0.01, 0.99]`: median and range; `–` for no values. */
export function medianAndRange(values: readonly number[], digits: number, factor = 1): string {
  const { n, median, low, high } = spreadOf(values);
  const [at, from, to] = [median, low, high].map((x) => (factor * x).toFixed(digits));
  return n === 0 ? '–' : `${at ?? ''} [${from ?? ''}, ${to ?? ''}]`;
}

/**
 * `0.0378 ± 0.0012`: mean and half of Student's interval; the mean alone for a single seed; median
 * and range where the interval would hold what cannot be.
 */
export function plusMinus(
  values: readonly number[],
  digits: number,
  [lowest, highest]: Possible = [-Infinity, Infinity],
  factor = 1,
): string {
  const { n, mean, interval } = meanInterval(values);
  if (n === 0) return '–';
  const text = (factor * mean).toFixed(digits);
  if (interval === null) return text;
  const [low, high] = interval;
  if (low < lowest || high > highest) {
    if (spreadOf(values).low !== spreadOf(values).high) {
      return medianAndRange(values, digits, factor);
    }
  }
  return `${text} ± ${(factor * (high - mean)).toFixed(digits)}`;
}

/** `2 of 3 [9, 99] %`: how many of the values lie above a bound, and Clopper and Pearson's interval. */
export function shareAbove(values: readonly number[], bound: number): string {
  const [n, k] = [values.length, values.filter((value) => value > bound).length];
  if (n === 0) return '–';
  const [low, high] = proportionInterval(k, n).map((x) => (100 * x).toFixed(0));
  return `${String(k)} of ${String(n)} [${low ?? ''}, ${high ?? ''}] %`;
}

/** Effect with its interval: `0.98 [0.91, 1.05]`; shares as percentages, cut to what can be. */
export function effectText({ unit }: JudgedPart, m: Measurement): string {
  if (m.n === 0) return 'not measured';
  const show = (x: number): string =>
    unit === 'level'
      ? `${(100 * Math.min(1, Math.max(0, x))).toFixed(1)} %`
      : x.toFixed(unit === 'ratio' ? 2 : 3);
  return m.n === 1 ? show(m.effect) : `${show(m.effect)} [${show(m.low)}, ${show(m.high)}]`;
}

export function pText({ n, p }: Measurement): string {
  if (n < 2 || Number.isNaN(p)) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** How many seeds would decide it; empty where it is decided. */
export function neededText({ n, verdict, needed }: Measurement): string {
  if (verdict !== 'undecided' || n < 2) return '';
  return needed === null ? '> 10,000' : needed.toLocaleString('en');
}
