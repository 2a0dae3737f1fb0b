import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundsOf, meanInterval } from '../../../lab/stats/interval.js';
import { oneSidedP } from '../../../lab/stats/one-sided.js';
import { holm, pairedTest } from '../../../lab/stats/paired.js';
import { incompleteBeta } from '../../../lab/stats/special.js';
import { normalP, studentP, studentQuantile } from '../../../lab/stats/student.js';
import { signedRank } from '../../../lab/stats/wilcoxon.js';

/** Expected values are SciPy's: reference.py prints them. */
const near = (value: number, expected: number): void =>
  expect(Math.abs(value - expected)).toBeLessThan(1e-11 * Math.abs(expected));

test.each([
  [0.5, 1, 0.7048327646991335],
  [2, 3, 0.13932596855884305],
  [12.706204736432095, 1, 0.0499999999989913],
  [-4.5, 9, 0.0014889494154117324],
  [40, 4, 2.3340163226012678e-6],
  [3, 9999, 0.0027064488557123467],
  [8, 1999, 2.086965053529596e-15],
])('p-value of t = %d with %d degrees of freedom', (t, df, p) => near(studentP(t, df), p));

test.each([
  [0.95, 1, 12.706204736174694],
  [0.95, 2, 4.302652729749462],
  [0.95, 4, 2.7764451051977934],
  [0.99, 9, 3.249835541592126],
  [0.95, 9999, 1.960201263621357],
])('quantile of t: level %d, %d degrees of freedom', (level, df, t) =>
  near(studentQuantile(level, df), t),
);

test.each([
  [0.1, 0.920344325445942],
  [1.959963984540054, 0.05],
  [5, 5.733031437583866e-7],
  [12, 3.552964224155306e-33],
  [37, 1.1451142445047853e-299],
])('p-value of z = %d', (z, p) => near(normalP(z), p));

test('incomplete beta function', () => {
  near(incompleteBeta(0.2, 0.5, 3), 0.733430296619931);
  near(incompleteBeta(0.99, 20, 0.5), 0.5286300645149844);
  near(incompleteBeta(0.5, 1000, 1000.5), 0.5044605889639133);
});

/** Darwin's maize, in eighths of an inch: Fisher, The Design of Experiments (1935). */
const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

test('one and two degrees of freedom have closed forms', () => {
  for (const t of [-20, -1, -0.3, 0, 0.7, 3, 50]) {
    near(studentP(t, 1), 1 - (2 / Math.PI) * Math.atan(Math.abs(t)));
    near(studentP(t, 2), 1 - Math.abs(t) / Math.sqrt(2 + t * t));
  }
});

test('a one-sided test, worked out by hand', () => {
  const sample = meanInterval([1, 2, 3]); // t = 2√3 with two degrees of freedom
  const p = (1 - Math.sqrt(12 / 14)) / 2;
  near(oneSidedP(sample, 0, 'greater'), p);
  near(oneSidedP(sample, 0, 'less'), 1 - p);
  near(oneSidedP(sample, 4, 'less'), p);
  expect(oneSidedP(sample, 2, 'less')).toBe(0.5);
  expect(oneSidedP(meanInterval([2, 2]), 3, 'less')).toBe(0);
  expect(oneSidedP(meanInterval([2, 2]), 2, 'less')).toBe(1);
  expect(oneSidedP(meanInterval([2]), 3, 'less')).toBeNaN();
  expect(boundsOf(meanInterval([2]))).toEqual([-Infinity, Infinity]);
});

test("Fisher's analysis of Darwin's maize", () => {
  const { difference, tP, wilcoxon, effect } = pairedTest(darwin);
  near(difference.mean, 314 / 15);
  const [low, high] = difference.interval ?? [NaN, NaN];
  near(low, 0.031193318392979563);
  near(high, 41.83547334827369);
  near(tP ?? NaN, 0.049702944021800866);
  near(effect ?? NaN, 2.1479874613311205 / Math.sqrt(15));
  expect(wilcoxon).toMatchObject({ n: 15, positive: 96, negative: 24 });
  near(wilcoxon.p, 0.041259765625);
  near(wilcoxon.effect, (96 - 24) / 120);
});

test('many differences, with ties and zeros', () => {
  const many = Array.from({ length: 200 }, (_, i) => Math.round(Math.sin((i + 1) * 1.7) * 8 + 1));
  const { tP, wilcoxon } = pairedTest(many);
  near(tP ?? NaN, 0.012397645528293996);
  expect(Math.min(wilcoxon.positive, wilcoxon.negative)).toBe(6907);
  near(wilcoxon.p, 0.004255385542613846);
});

test('few or equal values have no interval or no difference', () => {
  expect(meanInterval([3])).toEqual({ n: 1, mean: 3, deviation: null, interval: null });
  expect(meanInterval([]).mean).toBeNaN();
  expect(pairedTest([0, 0, 0])).toMatchObject({ tP: 1, effect: null, wilcoxon: { p: 1 } });
  expect(pairedTest([2, 2, 2])).toMatchObject({ tP: 0, wilcoxon: { effect: 1 } });
  expect(pairedTest([2, 2, 2]).wilcoxon.p).toBe(0.25);
  expect(pairedTest([1]).tP).toBeNull();
});

test('of few differences with ties, every sign pattern is counted', () => {
  expect(signedRank([1, 1, 1, 1, 1]).p).toBe(0.0625);
  const differences = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(differences, (given) => {
      const kept = given.filter((d) => d !== 0);
      const { n, positive, negative, p } = signedRank(given);
      expect(n).toBe(kept.length);
      const patterns = Array.from({ length: 2 ** n }, (_, bits) =>
        signedRank(kept.map((d, i) => ((bits >> i) & 1 ? d : -d))),
      );
      const rare = patterns.filter(
        (other) => Math.min(other.positive, other.negative) <= Math.min(positive, negative),
      );
      expect(p).toBeCloseTo(n === 0 ? 1 : rare.length / patterns.length, 12);
    }),
    { numRuns: 50 },
  );
});

test('values that differ by rounding alone have no deviation', () => {
  const same = [0.3 - 0.1, 0.4 - 0.2, 0.5 - 0.3, 0.7 - 0.5];
  expect(new Set(same).size).toBeGreaterThan(1);
  expect(pairedTest(same)).toMatchObject({ tP: 0, effect: null, difference: { deviation: 0 } });
  for (const n of [3, 7, 1000, 100_000]) {
    const value = 0.1;
    const { mean, deviation, interval } = meanInterval(new Float64Array(n).fill(value));
    expect(deviation).toBe(0);
    expect(interval).toEqual([mean, mean]);
  }
  expect(oneSidedP(meanInterval([0.1, 0.1, 0.1]), 0.2, 'less')).toBe(0);
  // What is small beside the mean and no rounding stays.
  expect(meanInterval([1, 1 + 1e-9]).deviation).toBeGreaterThan(0);
  expect(meanInterval([1e-300, -1e-300]).deviation).not.toBeNaN();
});

test('the sign of the differences turns effects, not p-values', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2 }), (d) => {
      const [a, b] = [pairedTest(d), pairedTest(d.map((x) => -x))];
      expect(b.wilcoxon.p).toBeCloseTo(a.wilcoxon.p, 12);
      expect(b.wilcoxon.effect).toBeCloseTo(-a.wilcoxon.effect, 12);
      expect(b.tP).toBeCloseTo(a.tP ?? NaN, 12);
      expect(a.wilcoxon.p).toBeGreaterThanOrEqual(0);
      expect(a.wilcoxon.p).toBeLessThanOrEqual(1);
    }),
  );
});

test("Holm's adjustment", () => {
  holm([0.01, 0.04, 0.03, 0.005]).forEach((p, i) => near(p, [0.03, 0.06, 0.06, 0.02][i] ?? NaN));
  expect(holm([])).toEqual([]);
});
