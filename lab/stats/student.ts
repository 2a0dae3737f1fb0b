import { incompleteBeta, upperGamma } from './special.js';

/** Two-sided p-value of Student's t with `df` degrees of freedom. */
export function studentP(t: number, df: number): number {
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/** t such that |T| ≤ t with probability `level`, 0 < level < 1; found by bisection. */
export function studentQuantile(level: number, df: number): number {
  let high = 1;
  while (studentP(high, df) > 1 - level) high *= 2;
  let low = 0;
  for (let middle = high / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (studentP(middle, df) > 1 - level) low = middle;
    else high = middle;
  }
  return high;
}

/** Two-sided p-value of a standard normal z. */
export function normalP(z: number): number {
  return upperGamma(0.5, (z * z) / 2);
}
