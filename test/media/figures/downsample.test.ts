import fc from 'fast-check';
import { expect, test } from 'vitest';
import { downsample, runMeans, type Point } from '../../../media/figures/downsample.js';

const wave = (length: number): Point[] =>
  Array.from({ length }, (_, i) => [i, Math.sin(i / 9) + 0.1 * Math.sin(i * i)]);

test('a thinned line has the wanted number of its points, in order, with both ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 3, max: 120 }), (n, limit) => {
      const points = wave(n);
      const thinned = downsample(points, limit);
      expect(thinned).toHaveLength(Math.min(n, limit));
      expect(thinned[0]).toBe(points[0]);
      expect(thinned.at(-1)).toBe(points.at(-1));
      const indices = thinned.map((point) => points.indexOf(point));
      expect(indices.every((index, i) => i === 0 || index > (indices[i - 1] ?? 0))).toBe(true);
      expect(indices).not.toContain(-1);
    }),
    { numRuns: 60 },
  );
});

test('a peak of one point among thousands stays', () => {
  const points = wave(10_000);
  const peak: Point = [4321, 50];
  points[4321] = peak;
  expect(downsample(points, 100)).toContain(peak);
  const dip: Point = [4321, 1e-9];
  const small = points.map(([x]): Point => [x, 0.01 + (x % 7) / 1000]);
  small[4321] = dip;
  // Invisible on a linear axis, far away on a logarithmic one.
  expect(downsample(small, 100, Math.log10)).toContain(dip);
});

test('runs are replaced by their means', () => {
  const points: Point[] = [
    [0, 1],
    [1, 3],
    [2, 10],
    [3, 20],
  ];
  expect(runMeans(points, 2)).toEqual([
    [0.5, 2],
    [2.5, 15],
  ]);
  expect(runMeans(points, 4)).toEqual(points);
});
