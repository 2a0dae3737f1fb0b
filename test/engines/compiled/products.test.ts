import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import { after, all, flat, four, image, type Case } from './cases.js';

all('products', [
  {
    name: 'matMul',
    shapes: [
      [3, 4],
      [4, 2],
    ],
    body: (x, y) => tf.matMul(x, y),
  },
  {
    name: 'matMul, transposed',
    shapes: [
      [4, 3],
      [2, 4],
    ],
    body: (x, y) => tf.matMul(x, y, true, true),
  },
  {
    name: 'matMul of a batch',
    shapes: [
      [2, 3, 4],
      [2, 4, 2],
    ],
    body: (x, y) => tf.matMul(x, y),
  },
  {
    name: 'matMul of rank 4',
    shapes: [
      [2, 2, 3, 4],
      [2, 2, 2, 4],
    ],
    body: (x, y) => tf.matMul(x, y, false, true),
  },
  { name: 'dot', shapes: [[4], [4]], body: (x, y) => tf.dot(x, y) },
  {
    name: 'outerProduct',
    shapes: [[3], [4]],
    body: (x, y) => tf.outerProduct(x as Tensor1D, y as Tensor1D),
  },
  ...(['relu', 'elu', 'sigmoid'] as const).map((activation): Case => ({
    name: `fused matMul, ${activation}`,
    shapes: [[3, 4], [4, 2], [2]],
    body: (a, b, bias) => tf.fused.matMul({ a: a, b: b, bias, activation }),
    ...flat,
  })),
  ...(['relu', 'relu6', 'elu', 'leakyrelu'] as const).map((activation): Case => ({
    name: `fused conv2d, ${activation}`,
    shapes: [image, [3, 3, 3, 4], [4]],
    body: (x, filter, bias) =>
      tf.fused.conv2d({
        x: four(x),
        filter: four(filter),
        strides: 1,
        pad: 'same',
        bias,
        activation,
        leakyreluAlpha: 0.3,
      }),
    ...flat,
  })),
  {
    name: 'bias and batch norm',
    shapes: [image, [3, 3, 3, 4], [4]],
    body: (x, f, b) =>
      tf.batchNorm(
        tf.add(tf.conv2d(four(x), four(f), 1, 'same'), b),
        tf.mul(b, 0.1),
        tf.add(tf.square(b), 1),
        b,
        b,
      ),
    ...flat,
  },
  {
    name: 'conv1d',
    shapes: [
      [2, 8, 3],
      [3, 3, 4],
    ],
    body: (x, f) => tf.conv1d(x as Tensor3D, f as Tensor3D, 2, 'same'),
  },
  {
    name: 'conv2dTranspose',
    shapes: [
      [2, 4, 4, 3],
      [4, 4, 5, 3],
    ],
    body: (x, f) => tf.conv2dTranspose(four(x), four(f), [2, 8, 8, 5], 2, 'same'),
  },
  {
    name: 'conv2dTranspose, valid',
    shapes: [
      [2, 3, 3, 3],
      [3, 3, 2, 3],
    ],
    body: (x, f) => tf.conv2dTranspose(four(x), four(f), [2, 8, 8, 2], 2, 'valid'),
  },
  {
    name: 'conv2dTranspose, stride 1',
    shapes: [
      [2, 4, 4, 16],
      [3, 3, 16, 16],
    ],
    body: (x, f) => tf.conv2dTranspose(four(x), four(f), [2, 4, 4, 16], 1, 'same'),
  },
  {
    name: 'dilated conv2d',
    shapes: [image, [3, 3, 3, 4]],
    body: (x, f) => tf.conv2d(four(x), four(f), 1, 'same', 'NHWC', 2),
    ...flat,
  },
  {
    name: 'residual',
    shapes: [
      [2, 5, 5, 16],
      [3, 3, 16, 16],
    ],
    body: (x, f) => {
      const h = tf.conv2d(four(x), four(f), 1, 'same');
      return tf.add(tf.elu(tf.conv2d(h, four(f), 1, 'same')), h);
    },
  },
  {
    name: 'a filter used twice',
    shapes: [
      [2, 5, 5, 3],
      [2, 5, 5, 3],
      [3, 3, 3, 4],
    ],
    body: (x, y, f) =>
      tf.concat(
        [tf.conv2d(four(x), four(f), 1, 'same'), tf.elu(tf.conv2d(four(y), four(f), 1, 'same'))],
        3,
      ),
  },
  {
    name: 'depthwise',
    shapes: [image, [3, 3, 3, 2]],
    body: (x, f) => tf.depthwiseConv2d(after(x), four(f), 1, 'same'),
  },
  {
    name: 'depthwise, stride 2',
    shapes: [image, [3, 2, 3, 1]],
    body: (x, f) => tf.depthwiseConv2d(four(x), four(f), 2, 'valid'),
  },
  {
    name: 'depthwise, dilated',
    shapes: [
      [1, 7, 7, 2],
      [3, 3, 2, 1],
    ],
    body: (x, f) => tf.depthwiseConv2d(four(x), four(f), 1, 'same', 'NHWC', 2),
    ...flat,
  },
  {
    name: 'separable',
    shapes: [image, [3, 3, 3, 1], [1, 1, 3, 4]],
    body: (x, d, p) => tf.separableConv2d(four(x), four(d), four(p), 1, 'same'),
  },
]);
