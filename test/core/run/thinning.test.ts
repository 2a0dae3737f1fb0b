import { expect, test } from 'vitest';
import { isKept } from '../../../core/run/thinning.js';

const kept = (length: number, dense: number): number[] =>
  Array.from({ length }, (_, i) => i).filter((i) => isKept(i, dense));

test('the first are all kept, then half of each doubling', () => {
  expect(kept(33, 4)).toEqual([0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32]);
});

test('a long series keeps few, and none far apart for its length', () => {
  const indexes = kept(500_000, 100);
  expect(indexes.length).toBeLessThan(100 * (1 + 0.5 * Math.log2(5000)) + 2);
  indexes.forEach((index, i) => {
    const next = indexes[i + 1] ?? index;
    expect(next - index).toBeLessThanOrEqual(Math.max(1, index / 50));
  });
});
