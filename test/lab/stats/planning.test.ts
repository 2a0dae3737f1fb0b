import { expect, test } from 'vitest';
import { above, below, within } from '../../../lab/stats/criteria.js';
import { valuesNeeded } from '../../../lab/stats/power.js';
import { proportionInterval } from '../../../lab/stats/proportion.js';
import { spreadOf } from '../../../lab/stats/spread.js';

test.each([
  [0, 10, 0, 0.30849710781876294],
  [1, 3, 0.008403758659612647, 0.9057006759492866],
  [3, 3, 0.2924017738212867, 1],
  [5, 10, 0.1870860284474045, 0.8129139715525955],
  [7, 9, 0.3999064262836879, 0.9718550265221126],
  [30, 1000, 0.020330485683114657, 0.042551402470029094],
])('interval of %d of %d is SciPy’s binomtest(…).proportion_ci', (k, n, low, high) => {
  const [from, to] = proportionInterval(k, n);
  expect(from).toBeCloseTo(low, 10);
  expect(to).toBeCloseTo(high, 10);
});

test('of nothing, everything is possible', () => {
  expect(proportionInterval(0, 0)).toEqual([0, 1]);
});

/** By the noncentral t distribution of SciPy: the first n with a power of 0.8. */
test.each([
  [3, 4],
  [1.5, 6],
  [1, 10],
  [0.8, 15],
  [0.5, 34],
  [0.2, 199],
  [0.05, 3142],
])('an effect of %d deviations takes %d values, give or take one', (distance, n) => {
  expect(Math.abs((valuesNeeded(distance, 1) ?? NaN) - n)).toBeLessThanOrEqual(1);
});

test('no number where none would do, or too many', () => {
  expect(valuesNeeded(0, 1)).toBeNull();
  expect(valuesNeeded(1e-4, 1)).toBeNull();
  expect(valuesNeeded(0, 0)).toBeNull();
  expect(valuesNeeded(0.1, 0)).toBe(2);
});

test('an undecided criterion says how many values would decide it, a decided one does not', () => {
  const level = (...values: number[]) => ({ values, unit: 'level' }) as const;
  expect(below(level(0.01, 0.02, 0.03), 0.1).needed).toBeNull();
  expect(above(level(0.4, 0.6, 0.8), 0.5).needed).toBe(valuesNeeded(0.1, 0.2));
  expect(below(level(0.4), 0.5).needed).toBeNull();
  // Inside: the nearer end; outside: the end beyond which it lies.
  const deviation = 0.3;
  const around = (mean: number) => level(mean - deviation, mean, mean + deviation);
  expect(within(around(0.3), 0, 1).needed).toBe(valuesNeeded(0.3, deviation));
  expect(within(around(1.2), 0, 1).needed).toBe(valuesNeeded(0.2, deviation));
  expect(within(around(-0.1), 0, 1).needed).toBe(valuesNeeded(0.1, deviation));
});

test('median and range', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ n: 3, median: 2, low: 1, high: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ n: 4, median: 2.5, low: 1, high: 4 });
  expect(spreadOf([])).toEqual({ n: 0, median: NaN, low: NaN, high: NaN });
});
