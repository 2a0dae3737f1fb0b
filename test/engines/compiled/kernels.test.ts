import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { engineName, expectAgreement, randomTensor } from './agree.js';

const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 4 });

interface Case {
  readonly name: string;
  readonly body: (x: Tensor) => Tensor;
  readonly low?: number;
  readonly high?: number;
  readonly gradients?: boolean;
  readonly tolerance?: number;
  /** What the WebGPU Shading Language lets a GPU do, section "Floating Point Evaluation". */
  readonly gpu?: number;
}

// Absolute errors of sine and cosine of up to 2^-11, inherited by what is made of them.
const trigonometric = { gpu: 2 ** -10 } as const;

const onGpu = engineName.endsWith('webgpu');

const flat = { gradients: false } as const;

/** Element-wise functions and where they are defined. */
const unary: Case[] = [
  { name: 'abs', body: tf.abs },
  // Absolute errors of up to 6.77e-5.
  { name: 'acos', body: tf.acos, low: -0.9, high: 0.9, gpu: 7e-5 },
  { name: 'acosh', body: tf.acosh, low: 1.1, high: 3 },
  { name: 'asin', body: tf.asin, low: -0.9, high: 0.9 },
  { name: 'asinh', body: tf.asinh },
  { name: 'atan', body: tf.atan },
  { name: 'atanh', body: tf.atanh, low: -0.9, high: 0.9 },
  { name: 'ceil', body: tf.ceil },
  { name: 'clip', body: (x) => tf.clipByValue(x, -0.5, 1) },
  { name: 'cos', body: tf.cos, ...trigonometric },
  { name: 'cosh', body: tf.cosh },
  { name: 'elu', body: tf.elu },
  { name: 'erf', body: tf.erf },
  { name: 'exp', body: tf.exp },
  { name: 'expm1', body: tf.expm1 },
  { name: 'floor', body: tf.floor },
  { name: 'isFinite', body: (x) => tf.isFinite(tf.div(x, tf.relu(x))), ...flat },
  { name: 'isInf', body: (x) => tf.isInf(tf.div(x, tf.relu(x))), ...flat },
  // Not the logarithm of a negative number: a GPU may make anything of it.
  { name: 'isNaN', body: (x) => tf.isNaN(tf.div(tf.relu(x), tf.relu(x))), ...flat },
  { name: 'leakyRelu', body: (x) => tf.leakyRelu(x, 0.3) },
  { name: 'leakyRelu that turns', body: (x) => tf.leakyRelu(x, -0.5) },
  { name: 'leakyRelu at zero', body: (x) => tf.leakyRelu(tf.relu(x), 0.3) },
  { name: 'relu of a multiple', body: (x) => tf.relu(tf.mul(tf.mul(x, 1e20), 1e-20)) },
  { name: 'log', body: tf.log, low: 0.1 },
  { name: 'log1p', body: tf.log1p, low: -0.9 },
  { name: 'logSigmoid', body: tf.logSigmoid },
  { name: 'neg', body: tf.neg },
  { name: 'prelu', body: (x) => tf.prelu(x, tf.scalar(0.2)) },
  { name: 'reciprocal', body: tf.reciprocal, low: 0.3 },
  { name: 'relu', body: tf.relu },
  { name: 'relu6', body: tf.relu6, low: -4, high: 9 },
  { name: 'round', body: tf.round },
  { name: 'rsqrt', body: tf.rsqrt, low: 0.1 },
  { name: 'selu', body: tf.selu },
  { name: 'sigmoid', body: tf.sigmoid },
  { name: 'sign', body: tf.sign },
  { name: 'sin', body: tf.sin, ...trigonometric },
  { name: 'sinh', body: tf.sinh },
  { name: 'softplus', body: tf.softplus },
  { name: 'sqrt', body: tf.sqrt, low: 0.1 },
  { name: 'square', body: tf.square },
  { name: 'step', body: (x) => tf.step(x, 0.25) },
  { name: 'step down to less than zero', body: (x) => tf.step(tf.relu(x), -0.5), ...flat },
  { name: 'step up to more than one', body: (x) => tf.step(tf.relu(x), 3), ...flat },
  { name: 'tan', body: tf.tan, low: -1, high: 1, ...trigonometric },
  { name: 'tanh', body: tf.tanh },
  { name: 'cast to int', body: (x) => tf.cast(tf.cast(x, 'int32'), 'float32'), ...flat },
  { name: 'cast to bool', body: (x) => tf.cast(tf.cast(tf.relu(x), 'bool'), 'float32'), ...flat },
  { name: 'logicalNot', body: (x) => tf.logicalNot(tf.greater(x, 0)), ...flat },
  { name: 'stack of constants', body: (x) => tf.div(tf.mul(tf.add(tf.mul(x, 3), 1), 0.5), 4) },
  { name: 'pow of a constant', body: (x) => tf.pow(x, 3) },
  { name: 'maximum with gradient', body: (x) => tf.maximum(x, tf.sub(1, x)) },
  { name: 'minimum with gradient', body: (x) => tf.minimum(x, tf.sub(1, x)) },
  {
    name: 'squaredDifference with gradient',
    body: (x) => tf.squaredDifference(x, tf.tanh(x)),
  },
  { name: 'zerosLike', body: (x) => tf.add(tf.zerosLike(x), tf.onesLike(x)), ...flat },
];

describe('element-wise functions', () => {
  test.each(unary)('$name', async ({ body, low, high, gradients, tolerance = 3e-5, gpu = 0 }) => {
    const property = fc.asyncProperty(shape, fc.nat(1000), async (s, seed) => {
      const allowed = onGpu ? Math.max(tolerance, gpu) : tolerance;
      const options = { tolerance: allowed, ...(gradients === undefined ? {} : { gradients }) };
      await expectAgreement(body, [randomTensor(s, seed, low, high)], options);
    });
    await fc.assert(property, { numRuns: 3, seed: 1 });
  });
});

interface Pair {
  readonly name: string;
  readonly body: (a: Tensor, b: Tensor) => Tensor;
  readonly low?: number;
  readonly gradients?: boolean;
}

const truth = (x: Tensor): Tensor => tf.greater(x, 0);

// tf.js's gradients of maximum, minimum and squaredDifference do not broadcast.
const binary: Pair[] = [
  { name: 'add', body: tf.add },
  { name: 'sub', body: tf.sub },
  { name: 'mul', body: tf.mul },
  { name: 'div', body: tf.div, low: 0.3 },
  { name: 'maximum', body: tf.maximum, ...flat },
  { name: 'minimum', body: tf.minimum, ...flat },
  { name: 'pow', body: tf.pow, low: 0.3 },
  { name: 'squaredDifference', body: tf.squaredDifference, ...flat },
  { name: 'mod', body: tf.mod, ...flat },
  { name: 'floorDiv', body: (a, b) => tf.floorDiv(a, b), low: 0.3, ...flat },
  { name: 'equal', body: (a, b) => tf.equal(tf.round(a), tf.round(b)), ...flat },
  { name: 'notEqual', body: (a, b) => tf.notEqual(tf.round(a), tf.round(b)), ...flat },
  { name: 'greater', body: tf.greater, ...flat },
  { name: 'greaterEqual', body: tf.greaterEqual, ...flat },
  { name: 'less', body: tf.less, ...flat },
  { name: 'lessEqual', body: tf.lessEqual, ...flat },
  { name: 'and', body: (a, b) => tf.logicalAnd(truth(a), truth(b)), ...flat },
  { name: 'or', body: (a, b) => tf.logicalOr(truth(a), truth(b)), ...flat },
  { name: 'xor', body: (a, b) => tf.logicalXor(truth(a), truth(b)), ...flat },
  { name: 'prelu', body: tf.prelu },
];

/** A shape, and one that broadcasts against it: some sides 1, some leading ones left out. */
const pairOfShapes = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    fc.nat(4),
  )
  .map(([full, ones, drop]) => {
    const small = full.map((side, i) => (ones[i] === true ? 1 : side));
    return [full, small.slice(Math.min(drop, small.length))] as const;
  });

describe('functions of two tensors, broadcast', () => {
  test.each(binary)('$name', async ({ body, low, gradients }) => {
    const property = fc.asyncProperty(pairOfShapes, fc.nat(1000), async ([p, q], seed) => {
      const inputs = [randomTensor(p, seed, low), randomTensor(q, seed + 1, low)];
      const options = { tolerance: 3e-5, ...(gradients === undefined ? {} : { gradients }) };
      await expectAgreement(body, inputs, options);
    });
    await fc.assert(property, { numRuns: 4, seed: 2 });
  });

  test('where', async () => {
    const property = fc.asyncProperty(shape, fc.nat(1000), async (s, seed) => {
      const mask = randomTensor(s, seed + 3).data.map((v) => Number(v > 0));
      const choose = (a: Tensor, b: Tensor): Tensor =>
        tf.where(tf.cast(tf.tensor(mask, s), 'bool'), a, b);
      await expectAgreement(choose, [randomTensor(s, seed), randomTensor(s, seed + 1)]);
    });
    await fc.assert(property, { numRuns: 5, seed: 3 });
  });

  test('addN', () =>
    expectAgreement(
      (...xs) => tf.addN(xs),
      [1, 2, 3].map((k) => randomTensor([2, 3], k)),
    ));
});
