import { beforeAll, expect, test } from 'vitest';
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { tf } from '../../../core/tf.js';
import { batchNormTrain } from '../../../core/step/batch-norm.js';
import { stopGradient } from '../../../core/step/stop-gradient.js';
import { expectAgreement, randomTensor } from '../../engines/compiled/agree.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Layer = (x: Tensor4D, w: Tensor4D) => Tensor4D;

const swapped = (w: Tensor4D) => tf.transpose<Tensor4D>(w, [0, 1, 3, 2]);
const ones = (n: number) => tf.ones<tf.Rank.R1>([n]);

/** Functions of images [2, 6, 6, 2] and a kernel [3, 3, 2, 3], as critics are made of. */
const layers: Record<string, Layer> = {
  'convolution and ELU': (x, w) => tf.elu(tf.conv2d(x, w, 2, 'same')),
  'convolution without padding and leaky ReLU': (x, w) =>
    tf.leakyRelu(tf.conv2d(x, w, 1, 'valid'), 0.2),
  'convolution and sigmoid': (x, w) => tf.sigmoid(tf.conv2d(x, w, 1, 'same')),
  'transposed convolution and tanh': (x, w) =>
    tf.tanh(tf.conv2dTranspose(x, swapped(w), [x.shape[0], 12, 12, 3], 2, 'same')),
  'convolution and average pooling': (x, w) =>
    tf.avgPool(tf.softplus(tf.conv2d(x, w, 1, 'same')), 2, 2, 'valid'),
  'convolution, batch normalisation and ELU': (x, w) =>
    tf.elu(batchNormTrain(tf.conv2d(x, w, 2, 'same'), ones(3), ones(3), () => undefined)),
};

/** Mean squared norm of the gradient for x: what a gradient penalty is made of. */
const penalty = (layer: Layer, x: Tensor4D, w: Tensor4D): Scalar => {
  const slope = tf.grad((image) => tf.sum(tf.square(layer(image as Tensor4D, w))))(x);
  return tf.mean<Scalar>(tf.square(slope));
};

type Shape = readonly [number, number, number, number];

const tensor = (shape: Shape, seed: number) =>
  tf.tensor4d(randomTensor(shape, seed, -1, 1).data, [...shape]);

test.each(Object.entries(layers))(
  'a gradient of a gradient equals finite differences: %s',
  (_, layer) => {
    const [x, w] = [tensor([2, 6, 6, 2], 1), tensor([3, 3, 2, 3], 2)];
    const gradients = tf.grads((...args: Tensor[]) =>
      penalty(layer, args[0] as Tensor4D, args[1] as Tensor4D),
    )([x, w]);
    const step = 2e-3;
    for (const [i, at] of [x, w].entries()) {
      const direction = tensor(at.shape, 3 + i);
      const shifted = (sign: number): number => {
        const moved = tf.add<Tensor4D>(at, tf.mul(direction, sign * step));
        return penalty(layer, i === 0 ? moved : x, i === 1 ? moved : w).dataSync()[0] ?? NaN;
      };
      const numeric = (shifted(1) - shifted(-1)) / (2 * step);
      const exact = tf.sum(tf.mul(gradients[i] ?? tf.scalar(NaN), direction)).dataSync()[0] ?? NaN;
      expect(Math.abs(exact - numeric)).toBeLessThan(5e-3 * Math.abs(numeric) + 1e-4);
    }
  },
);

test.each(Object.entries(layers))(
  'the compiled engine gives the same gradient of a gradient as tf.js cpu: %s',
  async (_, layer) => {
    await expectAgreement(
      (x, w) => penalty(layer, x as Tensor4D, w as Tensor4D),
      [randomTensor([2, 6, 6, 2], 1, -1, 1), randomTensor([3, 3, 2, 3], 2, -1, 1)],
      { tolerance: 1e-4 },
    );
  },
);

test('the gradient of a filter’s gradient equals finite differences', () => {
  const [x, w] = [tensor([2, 6, 6, 2], 1), tensor([3, 3, 2, 3], 2)];
  const value = (at: Tensor4D): Scalar => {
    const slope = tf.grad((kernel) => tf.sum(tf.elu(tf.conv2d(at, kernel as Tensor4D, 2, 'same'))))(
      w,
    );
    return tf.sum<Scalar>(tf.square(slope));
  };
  const exact = tf.grad((at) => value(at as Tensor4D))(x);
  const direction = tensor(x.shape, 3);
  const shifted = (by: number): number =>
    value(tf.add<Tensor4D>(x, tf.mul(direction, by))).dataSync()[0] ?? NaN;
  const numeric = (shifted(2e-3) - shifted(-2e-3)) / 4e-3;
  const along = tf.sum(tf.mul(exact, direction)).dataSync()[0] ?? NaN;
  expect(Math.abs(along - numeric)).toBeLessThan(5e-3 * Math.abs(numeric));
});

test('no gradient flows through stopGradient', () => {
  const gradient = tf.grad((x) => tf.sum(tf.mul(x, stopGradient(x))))(tf.tensor1d([2, 3]));
  expect([...gradient.dataSync()]).toEqual([2, 3]);
});
