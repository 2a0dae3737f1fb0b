import { beforeAll, expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Layers } from '../../../../core/step/layers.js';
import { tf } from '../../../../core/tf.js';
import {
  bound,
  declare,
  expectSameSecondGradients,
  expectSameWithGradients,
  images,
  random,
  toTensor,
  type Pair,
} from './support.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

interface Case {
  readonly name: string;
  readonly x: readonly number[];
  readonly layer: (layers: Layers, x: Tensor) => Tensor;
  readonly y: readonly number[];
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly multiplyAdds: number;
}

const cases: Case[] = [
  {
    name: 'conv1d',
    x: [2, 10, 3],
    layer: (layers, x) => layers.conv1d('c', x, { filters: 4, kernel: 5, stride: 2 }),
    y: [2, 5, 4],
    parameters: { 'c/kernel': [5, 3, 4], 'c/bias': [4] },
    multiplyAdds: 2 * 5 * 5 * 3 * 4,
  },
  {
    name: 'conv2d with holes, strides and no bias',
    x: [1, 9, 8, 3],
    layer: (layers, x) =>
      layers.conv2d('c', x, {
        filters: 4,
        kernel: [5, 2],
        stride: [1, 2],
        dilation: [2, 1],
        pad: 'valid',
        bias: false,
      }),
    y: [1, 1, 4, 4],
    parameters: { 'c/kernel': [5, 2, 3, 4] },
    multiplyAdds: 4 * 5 * 2 * 3 * 4,
  },
  {
    name: 'conv1dTranspose',
    x: [1, 5, 3],
    layer: (layers, x) => layers.conv1dTranspose('c', x, { filters: 2, kernel: 4 }),
    y: [1, 10, 2],
    parameters: { 'c/kernel': [4, 2, 3], 'c/bias': [2] },
    multiplyAdds: 5 * 4 * 3 * 2,
  },
  {
    name: 'conv2dTranspose to a given size',
    x: [2, 17, 4, 3],
    layer: (layers, x) =>
      layers.conv2dTranspose('c', x, {
        filters: 2,
        kernel: [5, 1],
        stride: [2, 1],
        outputSize: [33, 4],
      }),
    y: [2, 33, 4, 2],
    parameters: { 'c/kernel': [5, 1, 2, 3], 'c/bias': [2] },
    multiplyAdds: 2 * 17 * 4 * 5 * 3 * 2,
  },
  {
    name: 'dense on the last axis',
    x: [2, 5, 3],
    layer: (layers, x) => layers.dense('d', x, 4),
    y: [2, 5, 4],
    parameters: { 'd/kernel': [3, 4], 'd/bias': [4] },
    multiplyAdds: 2 * 5 * 3 * 4,
  },
  {
    name: 'batchNorm over batch and time',
    x: [2, 5, 4, 3],
    layer: (layers, x) => layers.batchNorm('n', x, { axes: [0, 2] }),
    y: [2, 5, 4, 3],
    parameters: {
      'n/gamma': [5, 3],
      'n/beta': [5, 3],
      'n/moving_mean': [5, 3],
      'n/moving_variance': [5, 3],
    },
    multiplyAdds: 0,
  },
  {
    name: 'layerNorm',
    x: [2, 5, 3],
    layer: (layers, x) => layers.layerNorm('n', x, { axes: [1, -1] }),
    y: [2, 5, 3],
    parameters: { 'n/gamma': [5, 3], 'n/beta': [5, 3] },
    multiplyAdds: 0,
  },
  {
    name: 'groupNorm',
    x: [2, 5, 6],
    layer: (layers, x) => layers.groupNorm('n', x, { groups: 3 }),
    y: [2, 5, 6],
    parameters: { 'n/gamma': [6], 'n/beta': [6] },
    multiplyAdds: 0,
  },
  {
    name: 'instanceNorm',
    x: [2, 5, 6],
    layer: (layers, x) => layers.instanceNorm('n', x),
    y: [2, 5, 6],
    parameters: { 'n/gamma': [6], 'n/beta': [6] },
    multiplyAdds: 0,
  },
  {
    name: 'prelu',
    x: [2, 5, 6],
    layer: (layers, x) => layers.prelu('p', x),
    y: [2, 5, 6],
    parameters: { 'p/alpha': [6] },
    multiplyAdds: 0,
  },
];

test.each(cases)('$name: shapes, parameters, cost', ({ x, layer, y, parameters, multiplyAdds }) => {
  const declared = declare((layers) => layer(layers, tf.zeros([...x])));
  expect(declared.shape).toEqual(y);
  expect(declared.multiplyAdds).toBe(multiplyAdds);
  const shapes = [...declared.parameters].map(([name, { shape }]) => [name, shape]);
  expect(Object.fromEntries(shapes)).toEqual(parameters);
  const tensors = [...declared.parameters].map(
    ([name, { shape, data }]) => [name, tf.tensor(data, [...shape])] as const,
  );
  for (const mode of ['batch', 'moving'] as const) {
    expect(layer(bound(new Map(tensors), mode), tf.ones([...x])).shape).toEqual(y);
  }
});

test('averages are no weights', () => {
  const { roles } = declare((layers) => layers.batchNorm('n', tf.zeros([2, 3])));
  expect([...roles.values()]).toEqual(['weight', 'weight', 'statistic', 'statistic']);
});

test('multiply-adds are counted beyond 2³¹', () => {
  const image = tf.zeros([1, 256, 256, 64]);
  const { multiplyAdds } = declare((layers) =>
    layers.conv2d('c', image, { filters: 64, kernel: 3 }),
  );
  expect(multiplyAdds).toBe(256 * 256 * 3 * 3 * 64 * 64);
  expect(multiplyAdds).toBeGreaterThan(2 ** 31);
});

const layerPairs: Record<string, Pair> = {
  'dense of rank 2': {
    layer: (layers, x) => layers.dense('d', x, 2),
    parameters: ['d/kernel', 'd/bias'],
    inputs: [random([4, 3], 1), random([3, 2], 2), random([2], 3)],
    plain: (x, kernel, bias) => ({
      shape: [4, 2],
      data: Float64Array.from({ length: 8 }, (_, i) =>
        [0, 1, 2].reduce(
          (sum, c) =>
            sum +
            (x.data[Math.floor(i / 2) * 3 + c] ?? NaN) * (kernel.data[c * 2 + (i % 2)] ?? NaN),
          bias.data[i % 2] ?? NaN,
        ),
      ),
    }),
  },
  'dense of rank 4, without a bias': {
    layer: (layers, x) => layers.dense('d', x, 1, { bias: false }),
    parameters: ['d/kernel'],
    inputs: [random([2, 2, 2, 2], 1), random([2, 1], 2)],
    plain: (x, kernel) => ({
      shape: [2, 2, 2, 1],
      data: Float64Array.from(
        { length: 8 },
        (_, i) =>
          (x.data[2 * i] ?? NaN) * (kernel.data[0] ?? NaN) +
          (x.data[2 * i + 1] ?? NaN) * (kernel.data[1] ?? NaN),
      ),
    }),
  },
  prelu: {
    layer: (layers, x) => layers.prelu('p', x),
    parameters: ['p/alpha'],
    inputs: [random([2, 3, 2, 2], 1), random([2], 2)],
    plain: (x, alpha) => ({
      shape: x.shape,
      data: x.data.map((v, i) => (v > 0 ? v : v * (alpha.data[i % 2] ?? NaN))),
    }),
  },
};

test.each(Object.entries(layerPairs))('%s: values and gradients', (_, pair) => {
  expectSameWithGradients(pair);
});

test.each(Object.entries(layerPairs))('%s: gradients of gradients', (_, pair) => {
  expectSameSecondGradients(pair);
});

test('slopes start as in the paper', () => {
  const { parameters } = declare((layers) => layers.prelu('p', tf.zeros([1, 3])));
  expect(parameters.get('p/alpha')?.data).toEqual(new Float32Array(3).fill(0.25));
});

test('a kernelTransform replaces the kernel, of every rank', () => {
  const double = <T extends Tensor>(kernel: T): T => tf.mul<T>(kernel, 2);
  const run = (shape: readonly number[], layer: (layers: Layers) => Tensor): Float32Array => {
    const kernel = toTensor(random(shape, 2));
    return Float32Array.from(layer(bound(new Map([['l/kernel', kernel]]))).dataSync());
  };
  const x = { wave: toTensor(random([1, 6, 2], 1)), image: images([1, 4, 4, 2], 1) };
  const options = { filters: 2, kernel: 3, bias: false };
  const twice = { ...options, kernelTransform: double };
  const pairs: [number[], (layers: Layers, transformed: boolean) => Tensor][] = [
    [[3, 2, 2], (l, t) => l.conv1d('l', x.wave, t ? twice : options)],
    [[3, 2, 2], (l, t) => l.conv1dTranspose('l', x.wave, t ? twice : options)],
    [[3, 3, 2, 2], (l, t) => l.conv2d('l', x.image, t ? twice : options)],
    [[3, 3, 2, 2], (l, t) => l.conv2dTranspose('l', x.image, t ? twice : options)],
    [[2, 5], (l, t) => l.dense('l', x.wave, 5, t ? twice : { bias: false })],
  ];
  for (const [shape, layer] of pairs) {
    const plain = run(shape, (layers) => layer(layers, false));
    expect(run(shape, (layers) => layer(layers, true))).toEqual(plain.map((v) => 2 * v));
  }
});
