import type { MeanInterval } from './interval.js';
import { studentP } from './student.js';

/** One-sided p of H0 "the mean is at least (or at most) `bound`", from a t test; NaN for n < 2. */
export function oneSidedP(
  { n, mean, deviation }: MeanInterval,
  bound: number,
  alternative: 'less' | 'greater',
): number {
  if (deviation === null) return NaN;
  const distance = alternative === 'less' ? mean - bound : bound - mean;
  if (deviation === 0) return distance < 0 ? 0 : 1;
  const half = studentP((distance * Math.sqrt(n)) / deviation, n - 1) / 2;
  return distance < 0 ? half : 1 - half;
}
