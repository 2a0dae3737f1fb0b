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

test('a permutation has every number once', () => {
  const order = streams.at('order').permutation(1000);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  expect([...order]).not.toEqual([...order].sort((a, b) => a - b));
});
