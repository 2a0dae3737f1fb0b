import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, test as anyTest } from 'vitest';
import { compiled, engineName } from './agree.js';

// The WebGPU Shading Language promises less, and leaves what is no number to the GPU.
const here = engineName === 'compiled';
if (!here) console.warn(`precision is not tested on ${engineName}`);
const test = anyTest.skipIf(!here);

interface Case {
  readonly name: string;
  readonly body: (x: Tensor) => Tensor;
  /** The same in double precision. */
  readonly exact: (x: number) => number;
  readonly low: number;
  readonly high: number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * Small values matter as much as large ones: losses take the logarithm of a probability of 1e-7.
 * An error relative to the greatest value of a tensor does not see them.
 */
const cases: Case[] = [
  { name: 'sigmoid', body: tf.sigmoid, exact: sigmoid, low: -87, high: 87 },
  {
    name: 'log of sigmoid',
    body: (x) => tf.log(tf.add(tf.sigmoid(x), 1e-8)),
    exact: (x) => Math.log(sigmoid(x) + 1e-8),
    low: -30,
    high: -1,
  },
  { name: 'logSigmoid', body: tf.logSigmoid, exact: (x) => -softplus(-x), low: -80, high: 80 },
  { name: 'softplus', body: tf.softplus, exact: softplus, low: -80, high: 80 },
  { name: 'exp', body: tf.exp, exact: Math.exp, low: -80, high: 80 },
  // As of the compressed spectra of the speech networks, and of their gradients.
  ...[0.15, -0.35, -0.85, -1.35, 1.7].map((power) => ({
    name: `pow ${power}`,
    body: (x: Tensor) => tf.pow(x, power),
    exact: (x: number) => x ** power,
    ...{ low: 1e-3, high: 1e3 },
  })),
  { name: 'expm1', body: tf.expm1, exact: Math.expm1, low: -20, high: 20 },
  { name: 'log1p', body: tf.log1p, exact: Math.log1p, low: -0.9, high: 1e3 },
  { name: 'tanh', body: tf.tanh, exact: Math.tanh, low: -10, high: 10 },
  { name: 'sinh', body: tf.sinh, exact: Math.sinh, low: -20, high: 20 },
  { name: 'asinh', body: tf.asinh, exact: Math.asinh, low: -1e3, high: 1e3 },
  { name: 'atan', body: tf.atan, exact: Math.atan, low: -1e3, high: 1e3 },
  {
    name: 'softmax',
    body: (x) => tf.slice(tf.softmax(tf.stack([x, tf.zerosLike(x)], 1)), [0, 0], [-1, 1]),
    exact: sigmoid,
    low: -80,
    high: 80,
  },
];

const tolerance = 1e-6;

test.each(cases)('$name is exact relative to each value', async ({ body, exact, low, high }) => {
  const count = 4001;
  const data = Float32Array.from(
    { length: count },
    (_, i) => low + ((high - low) * i) / (count - 1),
  );
  // Near zero too, on both sides, where the function is defined there.
  const tiny = [1e-6, 1e-4, 1e-2].flatMap((x) => [x, -x]).filter((x) => x > low && x < high);
  const xs = Float32Array.from([...data, ...tiny]);
  const ys = await compiled([{ shape: [xs.length], data: xs }], body);
  expect(ys.length).toBe(xs.length);
  xs.forEach((x, i) => {
    const [y = NaN, wanted] = [ys[i], exact(x)];
    if (Math.abs(y - wanted) <= tolerance * Math.abs(wanted)) return;
    expect.fail(`${y} for ${x}, exactly ${wanted}`);
  });
});

const ends = Float32Array.of(-Infinity, -1e4, -200, 0, 200, 1e4, Infinity, NaN);

test.each([
  { name: 'sigmoid', body: tf.sigmoid, wanted: [0, 0, 0, 0.5, 1, 1, 1, NaN] },
  {
    name: 'expm1',
    body: tf.expm1,
    wanted: [-1, -1, -1, 0, Infinity, Infinity, Infinity, NaN],
  },
])('$name at its ends', async ({ body, wanted }) => {
  expect([...(await compiled([{ shape: [8], data: ends }], body))]).toEqual(wanted);
});

test('log1p at its ends', async () => {
  const data = Float32Array.of(-1, 0, 1e30, Infinity, NaN);
  const ys = await compiled([{ shape: [5], data }], tf.log1p);
  expect([...ys]).toEqual([-Infinity, 0, Math.fround(Math.log(1e30)), Infinity, NaN]);
});

test('the gradient of log(sigmoid + 1e-8) does not vanish before it should', async () => {
  const data = Float32Array.of(-14, -15, -16, -17, -18, -19, -20);
  const loss = (x: Tensor): tf.Scalar => tf.sum(tf.log(tf.add(tf.sigmoid(x), 1e-8)));
  const ys = await compiled([{ shape: [7], data }], (x) => tf.grad(loss)(x));
  data.forEach((x, i) => {
    const p = sigmoid(x);
    expect(ys[i]).toBeCloseTo((p * (1 - p)) / (p + 1e-8), 5);
  });
});
