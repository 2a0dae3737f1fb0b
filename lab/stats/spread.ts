/** Where values lie, without a distribution being taken for granted. */
export interface Spread {
  readonly n: number;
  /** NaN for no values, as the ends are. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Median and range of values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const at = (i: number): number => sorted[i] ?? NaN;
  const median = (at(Math.floor((n - 1) / 2)) + at(Math.floor(n / 2))) / 2;
  return { n, median, low: at(0), high: at(n - 1) };
}
