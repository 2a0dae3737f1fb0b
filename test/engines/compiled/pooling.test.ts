import * as tf from '@tensorflow/tfjs-core';
import { after, all, flat, four, image, type Case } from './cases.js';

const pools = (['maxPool', 'avgPool'] as const).flatMap((name): Case[] => [
  { name, shapes: [[2, 6, 6, 3]], body: (x) => tf[name](four(x), 2, 2, 'valid') },
  {
    name: `${name}, after`,
    shapes: [[2, 6, 9, 3]],
    body: (x) => tf[name](after(x), [2, 3], [2, 3], 'valid'),
  },
  {
    name: `${name}, with a rest`,
    shapes: [[2, 7, 8, 3]],
    body: (x) => tf[name](four(x), [3, 2], [3, 2], 'valid'),
  },
  {
    name: `${name}, of equals`,
    shapes: [[2, 4, 4, 3]],
    body: (x) => tf[name](four(tf.relu(x)), 2, 2, 'valid'),
  },
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
