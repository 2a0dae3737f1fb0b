import { expect, test } from 'vitest';
import { RandomStreams } from '../../../core/random/streams.js';

const streams = new RandomStreams(1);

test('a position gives the same numbers whatever was drawn before', () => {
  const first = streams.at('noise', 7).fillUniform(new Float32Array(1000));
  streams.at('noise', 6).fillUniform(new Float32Array(333));
  expect(streams.at('noise', 7).fillUniform(new Float32Array(1000))).toEqual(first);
});

test.each([
  ['another position', streams.at('noise', 8)],
  ['another name', streams.at('noise2', 7)],
  ['another seed', new RandomStreams(2).at('noise', 7)],
  ['seed 0', new RandomStreams(0).at('noise', 7)],
])('%s gives other numbers', (_, sequence) => {
  expect(sequence.uint32()).not.toBe(streams.at('noise', 7).uint32());
});

test('uniform numbers fill their range evenly', () => {
  const n = 100_000;
  const values = streams.at('range').fillUniform(new Float32Array(n), 0.2, 1);
  const mean = values.reduce((s, v) => s + v, 0) / n;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / n;
  // Four standard errors of a uniform distribution on [0.2, 1).
  expect(Math.abs(mean - 0.6)).toBeLessThan((4 * 0.8) / Math.sqrt(12 * n));
  expect(variance).toBeCloseTo(0.8 ** 2 / 12, 3);
  expect(Math.min(...values.subarray(0, 50_000))).toBeGreaterThanOrEqual(0.2 - 1e-7);
  expect(Math.max(...values.subarray(0, 50_000))).toBeLessThan(1);
});

test('normal numbers have mean 0 and variance 1', () => {
  const sequence = streams.at('normal');
  const values = Array.from({ length: 50_000 }, () => sequence.normal());
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length));
  expect(values.reduce((s, v) => s + v * v, 0) / values.length).toBeCloseTo(1, 1);
});

test('normal numbers that fill an array have its mean and deviation, and are independent', () => {
  const n = 100_001;
  const values = streams.at('fill').fillNormal(new Float32Array(n), 3, 0.5);
  const moment = (power: number) => values.reduce((s, v) => s + ((v - 3) / 0.5) ** power, 0) / n;
  // Four standard errors: the k-th moments of a normal distribution have variances 1, 2, 15, 96.
  [0, 1, 0, 3].forEach((expected, k) => {
    const error = Math.sqrt(([1, 2, 15, 96][k] ?? NaN) / n);
    expect(Math.abs(moment(k + 1) - expected)).toBeLessThan(4 * error);
  });
  // The two of a pair, and those of neighbouring pairs.
  const z = values.map((v) => (v - 3) / 0.5);
  for (const first of [0, 1]) {
    let product = 0;
    for (let i = first; i + 1 < n; i += 2) product += (z[i] ?? NaN) * (z[i + 1] ?? NaN);
    expect(Math.abs(product / (n / 2))).toBeLessThan(4 / Math.sqrt(n / 2));
  }
});

test('a normal number lies within one deviation in 68.27 of 100 cases', () => {
  const values = streams.at('share').fillNormal(new Float32Array(100_000));
  const share = values.filter((v) => Math.abs(v) < 1).length / values.length;
  expect(Math.abs(share - 0.6827)).toBeLessThan(4 * Math.sqrt((0.6827 * 0.3173) / values.length));
});

test('a permutation has every number once', () => {
  const order = streams.at('order').permutation(1000);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  expect([...order]).not.toEqual([...order].sort((a, b) => a - b));
});

test.each([0, 1, 4, 255, 256, 1021, 70_000])('number %i is the same after a jump', (drawn) => {
  const whole = streams.at('jump', 3).fillUniform(new Float32Array(drawn + 40_000), -1, 1);
  const jumped = streams.at('jump', 3);
  // From somewhere else, and back.
  jumped.fillUniform(new Float32Array(300));
  const rest = jumped.seek(drawn).fillUniform(new Float32Array(40_000), -1, 1);
  expect(rest).toEqual(whole.subarray(drawn));
  expect(jumped.seek(2).uint32()).toBe(third());
});

function third(): number {
  const sequence = streams.at('jump', 3);
  sequence.uint32();
  sequence.uint32();
  return sequence.uint32();
}
