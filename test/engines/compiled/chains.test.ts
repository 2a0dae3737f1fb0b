import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { spatialNodes } from '../../../engines/compiled/lower/placement.js';
import { findChains } from '../../../engines/compiled/passes/chains.js';
import { countUses } from '../../../engines/compiled/passes/liveness.js';
import { record } from '../../../engines/compiled/trace/record.js';
import { batchNormTrain } from '../../../core/step/batch-norm.js';
import type { HostTensor, Program } from '../../../core/engine/types.js';
import { long } from '../../support/long.js';
import { expectAgreement, randomTensor } from './agree.js';

const image = (x: Tensor): Tensor4D => x as Tensor4D;
const vector = (x: Tensor): Tensor1D => x as Tensor1D;

/** What the layers of the networks do: convolution, bias, batch normalisation, ELU, a residual. */
function block(x: Tensor, f: Tensor, bias: Tensor, gamma: Tensor, beta: Tensor): Tensor {
  const y = image(tf.add(tf.conv2d(image(x), image(f), 1, 'same'), bias));
  const normal = batchNormTrain(y, vector(gamma), vector(beta), () => undefined);
  return tf.add(tf.elu(normal), tf.mul(y, 0.1));
}

const parameters = (channels: number, seed: number): HostTensor[] => [
  randomTensor([3, 3, 2, channels], seed, -0.5, 0.5),
  randomTensor([channels], seed + 1),
  randomTensor([channels], seed + 2, 0.5, 1.5),
  randomTensor([channels], seed + 3),
];

test.each([
  ['in one piece', [2, 6, 5, 2], 48],
  ['in chunks', [4, 30, 30, 2], 96],
  ['in chunks of an odd number of pixels', [3, 31, 33, 2], 96],
  ['in chunks of a prime number of pixels', [1, 59, 53, 2], 96],
  ['of a prime number of pixels', [1, 1, 3307, 2], 96],
] as const)('a normalised layer with a residual, %s', async (_, shape, channels) => {
  const inputs = [randomTensor(shape, 1), ...parameters(channels, 2)];
  await expectAgreement(block, inputs, { tolerance: 3e-5 });
});

const functions: Record<string, (y: Tensor, v: Tensor) => Tensor> = {
  'vector − image': (y, v) => tf.tanh(tf.sub(v, tf.sub(y, v))),
  'image · vector + vector': (y, v) => tf.square(tf.add(tf.mul(tf.add(y, v), v), v)),
  'image / vector': (y, v) => tf.div(tf.mul(y, 2), tf.add(tf.abs(v), 1)),
  'two images with offsets': (y, v) => tf.exp(tf.sub(tf.add(y, v), tf.mul(tf.sub(y, 1), v))),
  'clipped and leaky': (y, v) => tf.leakyRelu(tf.mul(tf.clipByValue(y, -0.5, 0.75), v), 0.3),
  'sums of a scaled image': (y, v) => tf.mul(y, tf.mean(tf.add(tf.mul(y, v), 3), [0, 1, 2])),
  'a sum that comes back': (y, v) => tf.sub(tf.mul(y, v), tf.sum(tf.mul(y, y), [0, 1, 2])),
  'sums over all': (y, v) => tf.mul(tf.relu(y), tf.mean(tf.square(tf.add(y, v)))),
};

/** Those that are tried in chunks, too, where tests may not take minutes. */
const inChunks = new Set([
  'vector − image',
  'image / vector',
  'clipped and leaky',
  'sums over all',
]);

test.each(Object.keys(functions))('%s', async (name) => {
  const body = (x: Tensor, f: Tensor, v: Tensor): Tensor =>
    functions[name]?.(tf.conv2d(image(x), image(f), 1, 'same'), v) ?? x;
  const small = [
    randomTensor([2, 5, 6, 2], 1),
    randomTensor([3, 3, 2, 48], 2, -0.3, 0.3),
    randomTensor([48], 3),
  ];
  await expectAgreement(body, small, { tolerance: 3e-5 });
  if (!long && !inChunks.has(name)) return;
  const large = [
    randomTensor([3, 24, 50, 2], 1),
    randomTensor([3, 3, 2, 96], 2, -0.3, 0.3),
    randomTensor([96], 3),
  ];
  await expectAgreement(body, large, { tolerance: 5e-5 });
});

test('of a layer only its result is stored; the rest is computed where it is needed', () => {
  const names = ['x', 'f', 'bias', 'gamma', 'beta'];
  const shapes = [[4, 30, 30, 2], ...parameters(96, 2).map(({ shape }) => shape)];
  const program: Program = {
    name: 'layer',
    body: ({ inputs }) => {
      const [x, f, bias, gamma, beta] = names.map((name) => inputs.get(name) ?? tf.scalar(NaN));
      if (!x || !f || !bias || !gamma || !beta) throw new Error('five inputs');
      return { state: new Map(), outputs: new Map([['y', block(x, f, bias, gamma, beta)]]) };
    },
  };
  const inputs = new Map(names.map((name, i) => [name, shapes[i] ?? []] as const));
  const recording = record(program, new Map(), { inputs, scalars: [] });
  const uses = countUses(recording);
  const spatial = spatialNodes(recording, uses, { block: 16, chunk: 0, winograd: true });
  const chains = findChains(recording, uses, spatial);
  expect(chains.flatMap(({ results }) => results)).toEqual([recording.outputs.get('y')]);
  const read = new Set(chains.flatMap(({ leaves }) => leaves.map(({ op }) => op.kind)));
  expect([...read]).toEqual(['conv']);
  // The mean, the variance, and what they normalise.
  expect(chains.map(({ sums }) => sums.length)).toEqual([1, 1, 0]);
});
