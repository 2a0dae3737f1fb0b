import { expect, test } from 'vitest';
import { RandomStreams } from '../../../core/random/streams.js';
import { drawOne, drawShape, fillDraw, followed } from '../../../core/step/draws.js';
import type { Distribution, Draw } from '../../../core/step/types.js';

const n = 40_000;

const draw = (distribution: Distribution, per: Draw['per'] = 'element'): Draw => ({
  ...distribution,
  per,
});

const values = (distribution: Distribution): Float32Array =>
  fillDraw(draw(distribution), new RandomStreams(7).at('draws'), new Float32Array(n));

const moment = (of: ArrayLike<number>, power: number): number =>
  Array.from(of).reduce((sum, value) => sum + value ** power, 0) / of.length;

/** Each with its mean and variance, worked out by hand. */
const distributions: [name: string, Distribution, mean: number, variance: number][] = [
  ['uniform', { low: -1, high: 3 }, 1, 16 / 12],
  ['uniform by name', { distribution: 'uniform', low: 0, high: 1 }, 0.5, 1 / 12],
  ['normal', { distribution: 'normal', mean: 2, deviation: 0.5 }, 2, 0.25],
  ['bernoulli', { distribution: 'bernoulli', probability: 0.3 }, 0.3, 0.21],
  ['choice', { distribution: 'choice', values: [1, 2, 6] }, 3, (4 + 1 + 9) / 3],
];

test.each(distributions)('%s: mean and variance', (_, distribution, mean, variance) => {
  const drawn = values(distribution);
  const around = drawn.map((value) => value - mean);
  // Four standard errors: of the mean √(σ²/n), of the variance at most √((3 + 1)σ⁴/n).
  expect(Math.abs(moment(around, 1))).toBeLessThan(4 * Math.sqrt(variance / n));
  expect(Math.abs(moment(around, 2) - variance)).toBeLessThan(
    4 * Math.sqrt((4 * variance ** 2) / n),
  );
});

test('the third and fourth moments of a normal draw are those of a normal distribution', () => {
  const z = values({ distribution: 'normal', mean: 0, deviation: 1 });
  expect(Math.abs(moment(z, 3))).toBeLessThan(4 * Math.sqrt(15 / n));
  expect(Math.abs(moment(z, 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
});

test('bernoulli gives 0 and 1, choice its values, each as often as it should', () => {
  const shares = (of: Float32Array) => {
    const counts = new Map<number, number>();
    for (const value of of) counts.set(value, (counts.get(value) ?? 0) + 1 / n);
    return [...counts].sort(([a], [b]) => a - b);
  };
  const coins = shares(values({ distribution: 'bernoulli', probability: 0.3 }));
  expect(coins.map(([value]) => value)).toEqual([0, 1]);
  const chosen = shares(values({ distribution: 'choice', values: [6, 1, 2] }));
  expect(chosen.map(([value]) => value)).toEqual([1, 2, 6]);
  for (const [, share] of chosen)
    expect(Math.abs(share - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / n));
  expect(new Set(values({ distribution: 'bernoulli', probability: 0 }))).toEqual(new Set([0]));
  expect(new Set(values({ distribution: 'bernoulli', probability: 1 }))).toEqual(new Set([1]));
});

test.each(distributions)('%s: the same position gives the same numbers', (_, distribution) => {
  const at = (position: number) =>
    fillDraw(draw(distribution), new RandomStreams(1).at('x', position), new Float32Array(50));
  expect(at(3)).toEqual(at(3));
  expect(at(4)).not.toEqual(at(3));
  const single = (position: number) =>
    drawOne(draw(distribution, 'batch'), new RandomStreams(1).at('x', position));
  expect(single(3)).toBe(single(3));
  expect(new Set(Array.from({ length: 40 }, (_, i) => single(i))).size).toBeGreaterThan(1);
});

test('one uniform number is drawn in double precision, as scalars are', () => {
  const one = drawOne({ per: 'batch', low: 0.2, high: 1 }, new RandomStreams(1).at('x'));
  expect(one >= 0.2 && one < 1).toBe(true);
  expect(Math.fround(one)).not.toBe(one);
});

test('a draw is a number for the batch, one for each example, or one for each element', () => {
  const any = { low: 0, high: 1 };
  expect(drawShape({ per: 'batch', ...any }, 4, [16, 3])).toEqual([]);
  expect(drawShape({ per: 'example', ...any }, 4, [16, 3])).toEqual([4, 1, 1]);
  expect(drawShape({ per: 'element', ...any }, 4, [16, 3])).toEqual([4, 16, 3]);
});

test('a draw follows the signal that it names, else the default; an unknown one is named', () => {
  const shapes = new Map([
    ['speech', [100, 1]],
    ['room', [8]],
  ]);
  const any: Draw = { per: 'element', low: 0, high: 1 };
  expect(followed('x', any, shapes, 'speech')).toEqual([100, 1]);
  expect(followed('x', { ...any, of: 'room' }, shapes, 'speech')).toEqual([8]);
  expect(() => followed('x', { ...any, of: 'rom' }, shapes, 'speech')).toThrow(
    "The draw 'x' follows the signal 'rom', which there is not.",
  );
});
