import { expect, test } from 'vitest';
import {
  meanInterval,
  oneSidedP,
  studentCdf,
  studentQuantile,
} from '../../../core/statistics/student.js';

// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: critical values of Student's t.
test.each([
  [1, 0.95, 6.314],
  [1, 0.975, 12.706],
  [1, 0.995, 63.657],
  [2, 0.95, 2.92],
  [2, 0.975, 4.303],
  [2, 0.995, 9.925],
  [3, 0.975, 3.182],
  [4, 0.975, 2.776],
  [5, 0.99, 3.365],
  [7, 0.975, 2.365],
  [9, 0.995, 3.25],
  [10, 0.975, 2.228],
  [11, 0.9, 1.363],
  [29, 0.975, 2.045],
  [30, 0.975, 2.042],
  [60, 0.99, 2.39],
  [100, 0.975, 1.984],
])('%d degrees of freedom, P = %d: t = %d', (degrees, p, t) => {
  expect(studentQuantile(p, degrees)).toBeCloseTo(t, 2.5);
  expect(Math.abs(studentQuantile(p, degrees) - t)).toBeLessThan(6e-4);
  expect(studentQuantile(1 - p, degrees)).toBeCloseTo(-studentQuantile(p, degrees), 9);
});

test('one degree of freedom is the Cauchy distribution, two have a closed form', () => {
  for (const t of [-20, -1, -0.3, 0, 0.7, 3, 50]) {
    expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 14);
    expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 14);
  }
});

test('the distribution function is the integral of the density', () => {
  for (const [degrees, gammaRatio] of [
    // Γ((ν+1)/2) / Γ(ν/2), by hand from Γ(1/2) = √π
    [3, 2 / Math.sqrt(Math.PI)],
    [4, (3 * Math.sqrt(Math.PI)) / 4],
    [5, 8 / (3 * Math.sqrt(Math.PI))],
  ] as const) {
    const density = (x: number): number =>
      (gammaRatio / Math.sqrt(degrees * Math.PI)) * (1 + x ** 2 / degrees) ** (-(degrees + 1) / 2);
    const steps = 2000;
    let sum = 0;
    for (let i = 0; i < steps; i++) sum += (density((i + 0.5) / (steps / 2)) * 2) / steps;
    expect(studentCdf(2, degrees)).toBeCloseTo(0.5 + sum, 6);
  }
});

test('intervals and tests of a sample worked out by hand', () => {
  // 1, 2, 3: mean 2, sd 1, t(2; 0.975)/√3 = 2.4842
  const interval = meanInterval([1, 2, 3]);
  expect(interval).toMatchObject({ n: 3, mean: 2, sd: 1 });
  expect(interval?.low).toBeCloseTo(2 - 2.48414, 4);
  expect(interval?.high).toBeCloseTo(2 + 2.48414, 4);
  // t = 2/(1/√3) = 3.4641 with 2 degrees: one-sided p = 0.03709
  expect(oneSidedP({ n: 3, mean: 2, sd: 1, low: 0, high: 0 }, 0, 'greater')).toBeCloseTo(
    0.03709,
    4,
  );
  expect(oneSidedP({ n: 3, mean: 2, sd: 1, low: 0, high: 0 }, 0, 'less')).toBeCloseTo(0.96291, 4);
  expect(meanInterval([])).toBeUndefined();
  expect(meanInterval([4])?.high).toBe(Infinity);
});
