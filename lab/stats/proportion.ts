import { incompleteBeta } from './special.js';

/**
 * Exact interval of a proportion of which `successes` of `n` were seen (Clopper and Pearson, 1934):
 * it covers the true one with at least the probability `level`.
 * @returns the whole of [0, 1] for n = 0
 */
export function proportionInterval(
  successes: number,
  n: number,
  level = 0.95,
): readonly [low: number, high: number] {
  const tail = (1 - level) / 2;
  // P(X ≥ k | p) = I_p(k, n − k + 1), which rises with p.
  const atLeast = (k: number) => (p: number) => incompleteBeta(p, k, n - k + 1);
  const low = successes === 0 ? 0 : solve(atLeast(successes), tail);
  const high = successes === n ? 1 : solve(atLeast(successes + 1), 1 - tail);
  return [low, high];
}

/** Where a function that rises on [0, 1] has a value; by bisection to the last bit. */
function solve(rising: (x: number) => number, value: number): number {
  let [low, high] = [0, 1];
  for (let middle = 0.5; middle > low && middle < high; middle = (low + high) / 2) {
    if (rising(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
