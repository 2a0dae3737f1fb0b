import { studentQuantile } from './student.js';

/** A mean with its confidence interval. */
export interface MeanInterval {
  readonly n: number;
  readonly mean: number;
  /** Standard deviation of the values (n − 1), 0 where they differ by rounding; null for fewer than two. */
  readonly deviation: number | null;
  /** Student's interval, of 95 % unless told otherwise; null for fewer than two values. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** The mean of values and where the mean of all such values lies, by Student's t. */
export function meanInterval(values: ArrayLike<number>, level = 0.95): MeanInterval {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] ?? NaN;
  const mean = sum / n;
  if (n < 2) return { n, mean, deviation: null, interval: null };
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((values[i] ?? NaN) - mean) ** 2;
  const found = Math.sqrt(squares / (n - 1));
  const rounding = Math.max(1e-12, n * Number.EPSILON) * Math.abs(mean);
  const deviation = found <= rounding ? 0 : found;
  const half = (studentQuantile(level, n - 1) * deviation) / Math.sqrt(n);
  return { n, mean, deviation, interval: [mean - half, mean + half] };
}

/** The ends of its interval; infinite for fewer than two values, which say nothing of the spread. */
export const boundsOf = ({ interval }: MeanInterval): readonly [low: number, high: number] =>
  interval ?? [-Infinity, Infinity];
