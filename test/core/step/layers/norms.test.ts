import { beforeAll, describe, expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Layers } from '../../../../core/step/layers.js';
import { holdMoments, moveAverages } from '../../../../core/step/apply.js';
import { Capture } from '../../../../core/step/capture.js';
import { tf } from '../../../../core/tf.js';
import { plainNorm } from './plain.js';
import {
  bound,
  expectClose,
  expectSameSecondGradients,
  expectSameWithGradients,
  random,
  toTensor,
  type Doubles,
  type Pair,
} from './support.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Index = readonly number[];

interface Case {
  readonly name: string;
  readonly shape: readonly number[];
  readonly layer: (layers: Layers, x: Tensor) => Tensor;
  readonly parameters: readonly number[];
  readonly epsilon: number;
  /** Which values are normalised together, and which gamma each has. */
  readonly group: (index: Index) => string;
  readonly parameter: (index: Index) => number;
}

const last = (index: Index): number => index.at(-1) ?? NaN;

const cases: Case[] = [
  {
    name: 'batchNorm of rank 2',
    shape: [5, 3],
    layer: (layers, x) => layers.batchNorm('n', x),
    parameters: [3],
    epsilon: 1e-3,
    group: (index) => `${last(index)}`,
    parameter: last,
  },
  {
    name: 'batchNorm of rank 3',
    shape: [3, 4, 2],
    layer: (layers, x) => layers.batchNorm('n', x, { epsilon: 0.1 }),
    parameters: [2],
    epsilon: 0.1,
    group: (index) => `${last(index)}`,
    parameter: last,
  },
  {
    name: 'batchNorm for each row and channel, over batch and time',
    shape: [3, 2, 4, 3],
    layer: (layers, x) => layers.batchNorm('n', x, { axes: [0, -2] }),
    parameters: [2, 3],
    epsilon: 1e-3,
    group: ([, row = NaN, , channel = NaN]) => `${row} ${channel}`,
    parameter: ([, row = NaN, , channel = NaN]) => row * 3 + channel,
  },
  {
    name: 'batchNorm for each time and channel',
    shape: [6, 2, 3],
    layer: (layers, x) => layers.batchNorm('n', x, { axes: [0] }),
    parameters: [2, 3],
    epsilon: 1e-3,
    group: ([, time = NaN, channel = NaN]) => `${time} ${channel}`,
    parameter: ([, time = NaN, channel = NaN]) => time * 3 + channel,
  },
  {
    name: 'layerNorm',
    shape: [2, 3, 5],
    layer: (layers, x) => layers.layerNorm('n', x),
    parameters: [5],
    epsilon: 1e-5,
    group: ([b = NaN, t = NaN]) => `${b} ${t}`,
    parameter: last,
  },
  {
    name: 'layerNorm over rows and channels',
    shape: [2, 3, 2, 2],
    layer: (layers, x) => layers.layerNorm('n', x, { axes: [1, 3], epsilon: 1e-2 }),
    parameters: [3, 2],
    epsilon: 1e-2,
    group: ([b = NaN, , t = NaN]) => `${b} ${t}`,
    parameter: ([, row = NaN, , channel = NaN]) => row * 2 + channel,
  },
  {
    name: 'groupNorm of images',
    shape: [2, 2, 3, 4],
    layer: (layers, x) => layers.groupNorm('n', x, { groups: 2 }),
    parameters: [4],
    epsilon: 1e-5,
    group: ([b = NaN, , , channel = NaN]) => `${b} ${Math.floor(channel / 2)}`,
    parameter: last,
  },
  {
    name: 'groupNorm of waveforms, in one group',
    shape: [2, 4, 3],
    layer: (layers, x) => layers.groupNorm('n', x, { groups: 1 }),
    parameters: [3],
    epsilon: 1e-5,
    group: ([b = NaN]) => `${b}`,
    parameter: last,
  },
  {
    name: 'instanceNorm of images',
    shape: [2, 3, 2, 2],
    layer: (layers, x) => layers.instanceNorm('n', x),
    parameters: [2],
    epsilon: 1e-5,
    group: ([b = NaN, , , channel = NaN]) => `${b} ${channel}`,
    parameter: last,
  },
  {
    name: 'instanceNorm of waveforms',
    shape: [2, 5, 2],
    layer: (layers, x) => layers.instanceNorm('n', x),
    parameters: [2],
    epsilon: 1e-5,
    group: ([b = NaN, , channel = NaN]) => `${b} ${channel}`,
    parameter: last,
  },
];

function pairOf({ shape, layer, parameters, epsilon, group, parameter }: Case): Pair {
  return {
    layer,
    parameters: ['n/gamma', 'n/beta', 'n/moving_mean', 'n/moving_variance'],
    plain: (x, gamma, beta) => plainNorm(x, gamma, beta, epsilon, group, parameter),
    inputs: [random(shape, 1, -1, 3), random(parameters, 2, 0.5, 1.5), random(parameters, 3)],
  };
}

describe('norms', () => {
  test.each(cases)('$name: values and gradients', (given) => {
    expectSameWithGradients(pairOf(given));
  });

  test.each(cases)('$name: gradients of gradients', (given) => {
    expectSameSecondGradients(pairOf(given));
  });
});

describe('moving averages', () => {
  const x = random([4, 3, 2, 2], 1, -1, 3);
  const names = ['n/gamma', 'n/beta', 'n/moving_mean', 'n/moving_variance'] as const;
  const values = (shape: readonly number[]): Map<string, Doubles> =>
    new Map(names.map((name, i) => [name, random(shape, 2 + i, 0.5, 1.5)]));
  const tensors = (given: ReadonlyMap<string, Doubles>): Map<string, Tensor> =>
    new Map([...given].map(([name, value]) => [name, toTensor(value)]));

  test.each([
    { axes: undefined, shape: [2], at: (i: number) => i % 2 },
    { axes: [0, 2], shape: [3, 2], at: (i: number) => Math.floor((i % 12) / 4) * 2 + (i % 2) },
  ])('are what evaluation normalises with: axes $axes', ({ axes, shape, at }) => {
    const given = values(shape);
    const layers = bound(tensors(given), 'moving');
    const options = axes === undefined ? { epsilon: 0.01 } : { axes, epsilon: 0.01 };
    const y = layers.batchNorm('n', toTensor(x), options);
    const part = (name: string, i: number): number => given.get(name)?.data[at(i)] ?? NaN;
    const data = x.data.map((v, i) => {
      const normal =
        (v - part('n/moving_mean', i)) / Math.sqrt(part('n/moving_variance', i) + 0.01);
      return normal * part('n/gamma', i) + part('n/beta', i);
    });
    expectClose(y, { shape: x.shape, data });
  });

  test('take the shape of the parameters', () => {
    const told: (readonly number[])[] = [];
    const layers = bound(tensors(values([3, 2])), 'batch', (_, { mean, variance }) =>
      told.push(mean.shape, variance.shape),
    );
    layers.batchNorm('n', toTensor(x), { axes: [0, 2] });
    expect(told).toEqual([
      [3, 2],
      [3, 2],
    ]);
  });

  test.each([
    { options: {}, kept: 0.99 },
    { options: { momentum: 0.75 }, kept: 0.75 },
  ])('move by the layer’s momentum, once a pass: $kept', ({ options, kept }) => {
    const capture = new Capture();
    const state = new Map<string, Tensor>([
      ['net/n/moving_mean', tf.tensor1d([8, -4])],
      ['net/n/moving_variance', tf.tensor1d([2, 4])],
    ]);
    for (const pass of [0, 1]) {
      const layers = bound(tensors(values([2])), 'batch', (name, moments, momentum) => {
        holdMoments(capture, pass, `net/${name}`, moments, momentum);
      });
      layers.batchNorm('n', tf.mul(toTensor(x), pass + 1), options);
    }
    moveAverages('net', state, capture.release());
    const channel = x.data.filter((_, i) => i % 2 === 0);
    const mean = channel.reduce((sum, v) => sum + v, 0) / channel.length;
    const once = kept * 8 + (1 - kept) * mean;
    const twice = kept * once + (1 - kept) * 2 * mean;
    expect(state.get('net/n/moving_mean')?.dataSync()[0]).toBeCloseTo(twice, 5);
    expect(state.get('net/n/moving_variance')?.shape).toEqual([2]);
  });
});
