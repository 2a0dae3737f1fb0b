import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { describe, test } from 'vitest';
import { expectAgreement, randomTensor, type Comparison } from './agree.js';

interface Case extends Comparison {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly body: (a: Tensor, b: Tensor, c: Tensor) => Tensor;
}

const flat = { gradients: false } as const;
const image = [2, 6, 5, 3];
const four = (x: Tensor): Tensor4D => x as Tensor4D;
/** Puts a value into the layout of convolutions, where the shape operations must find it. */
const after = (x: Tensor): Tensor4D =>
  tf.conv2d(four(x), tf.tensor4d(randomTensor([1, 1, 3, 3], 5).data, [1, 1, 3, 3]), 1, 'same');

function all(group: string, cases: readonly Case[]): void {
  describe(group, () => {
    test.each(cases)('$name', async ({ shapes, body, ...options }) => {
      const inputs = shapes.map((shape, i) => randomTensor(shape, 7 * i + 1));
      await expectAgreement(body, inputs, { tolerance: 2e-5, ...options });
    });
  });
}

const reductions = (['sum', 'mean', 'max', 'min'] as const).flatMap((name): Case[] => [
  { name: `${name} of everything`, shapes: [[3, 4]], body: (x) => tf[name](x) },
  { name: `${name} of rows`, shapes: [[3, 4, 2]], body: (x) => tf[name](x, 1) },
  { name: `${name}, kept`, shapes: [[3, 4, 2]], body: (x) => tf[name](x, [0, 2], true) },
  { name: `${name} per channel`, shapes: [image], body: (x) => tf[name](after(x), [0, 1, 2]) },
  { name: `${name} per image`, shapes: [image], body: (x) => tf[name](after(x), [1, 2]) },
  { name: `${name} of channels`, shapes: [image], body: (x) => tf[name](after(x), 3) },
  { name: `${name} over the batch`, shapes: [image], body: (x) => tf[name](after(x), 0) },
]);

all('reductions', [
  ...reductions,
  { name: 'prod', shapes: [[3, 4]], body: (x) => tf.prod(x, 1), ...flat },
  { name: 'all', shapes: [[3, 2]], body: (x) => tf.all(tf.greater(x, -1), 1), ...flat },
  { name: 'any', shapes: [[3, 2]], body: (x) => tf.any(tf.greater(x, 1), 1), ...flat },
  { name: 'argMax', shapes: [[3, 5]], body: (x) => tf.argMax(x, 1), ...flat },
  { name: 'argMin', shapes: [image], body: (x) => tf.argMin(after(x), -1), ...flat },
  { name: 'cumsum', shapes: [[3, 5]], body: (x) => tf.cumsum(x, 1) },
  {
    name: 'cumsum, other way',
    shapes: [[3, 5]],
    body: (x) => tf.cumsum(x, 0, true, true),
    ...flat,
  },
  { name: 'count', shapes: [[3, 5]], body: (x) => tf.sum(tf.greater(x, 0)), ...flat },
  { name: 'moments', shapes: [image], body: (x) => tf.moments(after(x), [1, 2]).variance },
  { name: 'norm', shapes: [[3, 4]], body: (x) => tf.norm(x) },
  { name: 'logSumExp', shapes: [[3, 4]], body: (x) => tf.logSumExp(x, 1) },
  { name: 'softmax', shapes: [[3, 4]], body: (x) => tf.softmax(x) },
  { name: 'logSoftmax', shapes: [[3, 4]], body: (x) => tf.logSoftmax(x) },
  { name: 'softmax of images', shapes: [image], body: (x) => tf.softmax(after(x)) },
]);

all('shapes', [
  { name: 'reshape', shapes: [image], body: (x) => tf.reshape(after(x), [2, -1]) },
  { name: 'expandDims', shapes: [[3, 4]], body: (x) => tf.expandDims(x, 1) },
  { name: 'squeeze', shapes: [[3, 1, 4]], body: (x) => tf.squeeze(x) },
  { name: 'transpose', shapes: [[3, 4, 2]], body: (x) => tf.transpose(x, [2, 0, 1]) },
  {
    name: 'transpose of images',
    shapes: [image],
    body: (x) => tf.transpose(after(x), [1, 0, 3, 2]),
  },
  { name: 'concat', shapes: [image, image], body: (x, y) => tf.concat([after(x), four(y)], 3) },
  {
    name: 'concat of a batch',
    shapes: [image, image],
    body: (x, y) => tf.concat([four(x), after(y)], 0),
  },
  {
    name: 'concat of rank 2',
    shapes: [
      [2, 3],
      [1, 3],
    ],
    body: (x, y) => tf.concat([x, y], 0),
  },
  {
    name: 'stack',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    body: (x, y) => tf.stack([x, y], 1),
  },
  { name: 'unstack', shapes: [[2, 3]], body: (x) => tf.addN(tf.unstack(x, 1)) },
  {
    name: 'split',
    shapes: [image],
    body: (x) =>
      tf.mul(
        ...(tf.split(
          tf.pad(after(x), [
            [0, 0],
            [0, 0],
            [0, 0],
            [0, 1],
          ]),
          2,
          3,
        ) as [Tensor, Tensor]),
      ),
  },
  { name: 'tile', shapes: [[2, 3]], body: (x) => tf.tile(x, [2, 3]) },
  { name: 'tile of images', shapes: [image], body: (x) => tf.tile(after(x), [1, 2, 1, 1]) },
  { name: 'broadcastTo', shapes: [[3, 1]], body: (x) => tf.broadcastTo(x, [2, 3, 4]), ...flat },
  { name: 'reverse', shapes: [[3, 4]], body: (x) => tf.reverse(x, 1) },
  { name: 'reverse of images', shapes: [image], body: (x) => tf.reverse(after(x), [1, 2]) },
  { name: 'slice', shapes: [image], body: (x) => tf.slice(after(x), [0, 1, 2, 0], [2, 3, -1, 2]) },
  {
    name: 'stridedSlice',
    shapes: [[5, 6]],
    body: (x) => tf.stridedSlice(x, [4, 0], [0, 6], [-2, 2]),
    ...flat,
  },
  {
    name: 'stridedSlice to the start',
    shapes: [[5]],
    body: (x) => tf.stridedSlice(x, [4], [0], [-1], 0, 1),
    ...flat,
  },
  {
    name: 'pad',
    shapes: [[2, 3]],
    body: (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        3,
      ),
  },
  {
    name: 'pad of images',
    shapes: [image],
    body: (x) =>
      tf.pad(after(x), [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
  },
  {
    name: 'mirrorPad',
    shapes: [[4, 5]],
    body: (x) =>
      tf.mirrorPad(
        x,
        [
          [2, 1],
          [0, 3],
        ],
        'reflect',
      ),
    ...flat,
  },
  {
    name: 'mirrorPad, symmetric',
    shapes: [image],
    body: (x) =>
      tf.mirrorPad(
        after(x),
        [
          [0, 0],
          [2, 1],
          [1, 3],
          [0, 0],
        ],
        'symmetric',
      ),
    ...flat,
  },
  { name: 'gather', shapes: [[4, 3]], body: (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32')) },
  {
    name: 'gather along channels',
    shapes: [image],
    body: (x) => tf.gather(after(x), tf.tensor1d([2, 0], 'int32'), 3),
  },
  {
    name: 'oneHot',
    shapes: [[4]],
    body: (x) => tf.mul(tf.oneHot(tf.tensor1d([1, 0, 2, 5], 'int32'), 3), tf.reshape(x, [4, 1])),
  },
  { name: 'range', shapes: [[4]], body: (x) => tf.mul(x, tf.range(0, 4)) },
  { name: 'fill', shapes: [[4]], body: (x) => tf.mul(x, tf.fill([4], 3)) },
  { name: 'linspace', shapes: [[4]], body: (x) => tf.mul(x, tf.linspace(0, 1, 4)) },
  {
    name: 'depthToSpace',
    shapes: [[2, 3, 3, 8]],
    body: (x) => tf.depthToSpace(four(x), 2),
    ...flat,
  },
  {
    name: 'spaceToBatch',
    shapes: [[1, 4, 4, 2]],
    body: (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [2, 0],
        ],
      ),
  },
  {
    name: 'batchToSpace',
    shapes: [[4, 2, 2, 3]],
    body: (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
  },
]);

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

const pools = (['maxPool', 'avgPool'] as const).flatMap((name): Case[] => [
  { name, shapes: [[2, 6, 6, 3]], body: (x) => tf[name](four(x), 2, 2, 'valid') },
  {
    name: `${name}, overlapping`,
    shapes: [[2, 7, 6, 3]],
    body: (x) => tf[name](after(x), 3, 2, 'same'),
  },
  {
    name: `${name}, uneven`,
    shapes: [[2, 7, 5, 3]],
    body: (x) => tf[name](four(x), [2, 3], 1, 'valid'),
  },
]);

const sizes: [number, number][] = [
  [12, 10],
  [3, 4],
  [7, 9],
];
// tf.js's gradients confuse height with width, or the images of a batch; these sizes avoid it.
const resizes = sizes.flatMap((size) =>
  [false, true].flatMap((corners): Case[] => [
    {
      name: `bilinear to ${size.join('×')}, ${String(corners)}`,
      shapes: [[2, 6, 6, 3]],
      body: (x) => tf.image.resizeBilinear(after(x), size, corners),
    },
    {
      name: `nearest to ${size.join('×')}, ${String(corners)}`,
      shapes: [[1, 6, 6, 3]],
      body: (x) => tf.image.resizeNearestNeighbor(after(x), size, corners),
    },
  ]),
);

all('pooling and resizing', [
  ...pools,
  ...resizes,
  {
    name: 'bilinear, half pixels',
    shapes: [image],
    body: (x) => tf.image.resizeBilinear(four(x), [9, 9], false, true),
    ...flat,
  },
  {
    name: 'nearest, half pixels',
    shapes: [image],
    body: (x) => tf.image.resizeNearestNeighbor(four(x), [9, 9], false, true),
    ...flat,
  },
]);
