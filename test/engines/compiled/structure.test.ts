import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { after, all, flat, four, image, type Case } from './cases.js';

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
