import { studentQuantile } from './student.js';

/** Beyond this many values a number is not worth giving. */
export const mostNeeded = 10_000;

/**
 * How many values would decide on which side of a bound their mean lies, if mean and deviation
 * stay as measured: the smallest n whose 95 % interval lies on one side with a probability of
 * about 80 %, n ≥ ((t₀.₉₇₅ + t₀.₈)·s/δ)² with n − 1 degrees of freedom (Chow, Shao, Wang: Sample
 * Size Calculations in Clinical Research, 2008, section 3.1, with t for z).
 * @param distance of the mean to the bound
 * @returns null for more than 10,000
 */
export function valuesNeeded(distance: number, deviation: number): number | null {
  if (deviation === 0) return distance === 0 ? null : 2;
  const enough = (n: number): boolean => {
    const quantiles = studentQuantile(0.95, n - 1) + studentQuantile(0.6, n - 1);
    return n >= ((quantiles * deviation) / distance) ** 2;
  };
  if (!enough(mostNeeded)) return null;
  let [low, high] = [1, mostNeeded];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
