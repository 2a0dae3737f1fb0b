/**
 * P(T ≤ t) of Student's t distribution with a whole number of degrees of freedom: the finite sums
 * of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
 * @param degrees 1, 2, …
 */
export function studentCdf(t: number, degrees: number): number {
  if (t === Infinity) return 1;
  if (t === -Infinity) return 0;
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cos = Math.cos(angle);
  const even = degrees % 2 === 0;
  // 1 + 1/2 cos² + 1·3/2·4 cos⁴ + … (even); cos + 2/3 cos³ + 2·4/3·5 cos⁵ + … (odd)
  let term = even ? 1 : cos;
  let sum = degrees === 1 ? 0 : term;
  for (let k = even ? 2 : 3; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * cos ** 2;
    sum += term;
  }
  const inside = even ? Math.sin(angle) * sum : (2 / Math.PI) * (angle + Math.sin(angle) * sum);
  return (1 + inside) / 2;
}

/**
 * The t with P(T ≤ t) = p, by bisection.
 * @param p between 0 and 1, both excluded
 * @param degrees 1, 2, …
 */
export function studentQuantile(p: number, degrees: number): number {
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  let [low, high] = [0, 1];
  while (studentCdf(high, degrees) < p) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Mean of a sample and its Student-t confidence interval. */
export interface MeanInterval {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); NaN for one value. */
  readonly sd: number;
  /** Infinite for one value: it says nothing about the spread. */
  readonly low: number;
  readonly high: number;
}

/**
 * Mean and two-sided confidence interval, mean ± t(n − 1)·sd/√n; undefined for no value.
 * @param level of confidence, 0.95 for 95 %
 */
export function meanInterval(values: readonly number[], level = 0.95): MeanInterval | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, sd: NaN, low: -Infinity, high: Infinity };
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (studentQuantile(1 - (1 - level) / 2, n - 1) * sd) / Math.sqrt(n);
  return { n, mean, sd, low: mean - half, high: mean + half };
}

/** One-sided p of H0 "the mean is at least (or at most) `bound`", from a t test; NaN for n < 2. */
export function oneSidedP(
  { n, mean, sd }: MeanInterval,
  bound: number,
  alternative: 'less' | 'greater',
): number {
  if (n < 2) return NaN;
  const distance = alternative === 'less' ? mean - bound : bound - mean;
  if (sd === 0) return distance < 0 ? 0 : 1;
  return studentCdf((distance * Math.sqrt(n)) / sd, n - 1);
}
