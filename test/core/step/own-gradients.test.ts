import { beforeAll, expect, test } from 'vitest';
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { tf } from '../../../core/tf.js';
import { expectAgreement, randomTensor } from '../../engines/compiled/agree.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Functions of images [2, 6, 5, 3] whose gradients tf.js has wrong: at edges, along an axis, in a batch. */
const functions: Record<string, (x: Tensor) => Tensor> = {
  'mirrored, without the edge': (x) =>
    tf.mirrorPad(
      x,
      [
        [0, 0],
        [2, 1],
        [0, 3],
        [0, 0],
      ],
      'reflect',
    ),
  'mirrored, with the edge': (x) =>
    tf.mirrorPad(
      x,
      [
        [1, 0],
        [0, 6],
        [2, 2],
        [0, 1],
      ],
      'symmetric',
    ),
  'averages of 2×2, same': (x) => tf.avgPool(x as Tensor4D, 2, 1, 'same'),
  'averages of 3×3, every second, same': (x) => tf.avgPool(x as Tensor4D, 3, 2, 'same'),
  'averages of 3×3, padding 1': (x) => tf.avgPool(x as Tensor4D, 3, 1, 1, 'floor'),
  'averages of 3×3, padding 1, one more': (x) => tf.avgPool(x as Tensor4D, 3, 2, 1, 'ceil'),
  'averages of 4×2 that leave pixels out': (x) =>
    tf.avgPool(x as Tensor4D, [4, 2], [4, 2], 'valid'),
  'sums along the first axis': (x) => tf.cumsum(x, 0),
  'sums along the second axis, without their own, backwards': (x) => tf.cumsum(x, 1, true, true),
  'sums along an axis of as many as others': (x) => tf.cumsum(tf.slice(x, 0, [2, 2, 2, 2]), 2),
  'sums along the last axis': (x) => tf.cumsum(x, 3, true),
  'the nearest, of larger': (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [13, 7]),
  'the nearest, of smaller': (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [4, 5], true),
  'between pixels': (x) => tf.image.resizeBilinear(x as Tensor4D, [9, 4]),
};
const shape = [2, 6, 5, 3] as const;
const tensor = (seed: number): Tensor =>
  tf.tensor(randomTensor(shape, seed, -1, 1).data, [...shape]);

/** Cubes, so that gradients differ from place to place, and can be differentiated again. */
const loss = (f: (x: Tensor) => Tensor, x: Tensor): Scalar => tf.sum(tf.pow(f(x), 3));

/** Derivative in a direction by central differences. */
function numeric(f: (x: Tensor) => Scalar, x: Tensor, direction: Tensor): number {
  const step = 3e-3;
  const [up, down] = [step, -step].map((by) => f(tf.add(x, tf.mul(direction, by))).dataSync()[0]);
  return ((up ?? NaN) - (down ?? NaN)) / (2 * step);
}

test.each(Object.entries(functions))('gradients equal finite differences: %s', (_, f) => {
  const x = tensor(1);
  const once = (at: Tensor): Scalar => loss(f, at);
  const twice = (at: Tensor): Scalar => tf.sum(tf.square(tf.grad(once)(at)));
  for (const [i, g] of [once, twice].entries()) {
    for (const seed of [2, 3]) {
      const direction = tensor(seed + 10 * i);
      const exact = tf.sum(tf.mul(tf.grad(g)(x), direction)).dataSync()[0] ?? NaN;
      const expected = numeric(g, x, direction);
      expect(Math.abs(exact - expected)).toBeLessThan(3e-3 * Math.abs(expected) + 2e-3);
    }
  }
});

test('what is mirrored counts as often as it is there', () => {
  const x = tf.tensor1d([1, 2, 3, 4]);
  const gradient = (mode: 'reflect' | 'symmetric'): number[] => [
    ...tf
      .grad((y: Tensor) => tf.sum(tf.mirrorPad(y, [[2, 2]], mode)))(x)
      .dataSync(),
  ];
  expect(gradient('reflect')).toEqual([1, 3, 3, 1]);
  expect(gradient('symmetric')).toEqual([2, 2, 2, 2]);
});

test.each(Object.entries(functions))('the compiled engine agrees: %s', (_, f) =>
  expectAgreement(f, [randomTensor(shape, 4)]),
);

test.each<[string, (x: Tensor) => Tensor]>([
  ['logicalAnd', (x) => tf.where(tf.logicalAnd(tf.greater(x, -1), tf.less(x, 1)), tf.pow(x, 3), x)],
  ['clip', (x) => tf.pow(tf.clipByValue(x, -0.5, 0.5), 3)],
  ['logicalNot', (x) => tf.where(tf.logicalNot(tf.greater(x, 0)), tf.pow(x, 3), tf.square(x))],
])('a choice by truths can be differentiated twice: %s', (_, f) => {
  const once = (at: Tensor): Scalar => tf.sum(f(at));
  const twice = (at: Tensor): Scalar => tf.sum(tf.square(tf.grad(once)(at)));
  const x = tf.tensor1d([-1.5, -0.3, 0.2, 0.4, 1.7]);
  const direction = tf.tensor1d([1, -2, 3, -1, 0.5]);
  const exact = tf.sum(tf.mul(tf.grad(twice)(x), direction)).dataSync()[0] ?? NaN;
  const expected = numeric(twice, x, direction);
  expect(Math.abs(exact - expected)).toBeLessThan(3e-3 * Math.abs(expected) + 2e-3);
});
