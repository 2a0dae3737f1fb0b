import { beforeAll, expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../core/tf.js';
import { expectAgreement, randomTensor } from '../../engines/compiled/agree.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('the gradient goes to where the values came from', () => {
  const x = tf.tensor2d([3, 1, 4, 1, -5, 9, 2, 6], [2, 4]);
  const weights = tf.tensor2d([10, 20, 30, 40], [2, 2]);
  const gradient = tf.grad((t: Tensor) => tf.sum(tf.mul(tf.topk(t, 2).values, weights)))(x);
  expect([...gradient.dataSync()]).toEqual([20, 0, 10, 0, 0, 30, 0, 40]);
});

test('the gradient of a gradient is that of the values chosen', () => {
  // ∂/∂x of |∂/∂x Σ top₂(x)³|² = ∂/∂x Σ 9x⁴ = 36x³ at the two greatest.
  const penalty = (t: Tensor) =>
    tf.sum(tf.square(tf.grad((s: Tensor) => tf.sum(tf.pow(tf.topk(s, 2).values, 3)))(t)));
  const gradient = tf.grad(penalty)(tf.tensor1d([1, 2, 0.5, 3]));
  const expected = [0, 36 * 8, 0, 36 * 27];
  [...gradient.dataSync()].forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? NaN, 2);
  });
});

test.each([1, 3, 5])('the compiled engine agrees, with gradients: %i of 5', (k) =>
  expectAgreement((x) => tf.topk(x, k).values, [randomTensor([2, 3, 5], k)]),
);

test('the compiled engine gives the same places, of equal values the first ones', () =>
  expectAgreement(
    (x) => {
      const { values, indices } = tf.topk(tf.round(x), 4);
      return tf.add(values, tf.mul(10, tf.cast(indices, 'float32')));
    },
    [randomTensor([3, 6], 2)],
    { gradients: false },
  ));
