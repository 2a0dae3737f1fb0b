import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { bound } from '../../core/step/layers/support.js';
import { expectAgreement, randomTensor } from './agree.js';
import { four } from './cases.js';

// What waveforms and spectrograms need of convolutions beyond images: kernels and strides along one
// axis, zeros on one side only, sizes that a stride does not divide. Channels are such that all ways
// to convolve have their turn: plain, in blocks, by columns, by minimal filtering.

type Shape = [number, number, number, number];

const channels = fc.constantFrom(1, 3, 16, 64);
const geometry = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 5, max: 17 }),
  width: fc.integer({ min: 5, max: 12 }),
  from: channels,
  to: channels,
  kernel: fc.constantFrom<[number, number]>([5, 1], [1, 5], [1, 3], [3, 3], [4, 2], [2, 2], [4, 4]),
  strides: fc.constantFrom<[number, number]>([1, 1], [2, 1], [1, 2], [2, 2], [1, 3]),
  seed: fc.nat(1000),
});
type Geometry = typeof geometry extends fc.Arbitrary<infer T> ? T : never;

const property = (check: (g: Geometry) => Promise<void>, seed: number, runs = 12): Promise<void> =>
  fc.assert(fc.asyncProperty(geometry, check), { numRuns: runs, seed });

const image = (g: Geometry): ReturnType<typeof randomTensor> =>
  randomTensor([g.batch, g.height, g.width, g.from], g.seed);

const tolerance = 3e-5;

describe('convolutions of signals agree with tf.js, with gradients', () => {
  test('zeros on one side, as causal convolutions have them', () =>
    property(async (g) => {
      const filter = randomTensor([...g.kernel, g.from, g.to], g.seed + 1);
      const above: [number, number] = [g.kernel[0] - 1, 0];
      const beside: [number, number] = [g.kernel[1] - 1, 0];
      const conv = (x: Tensor, f: Tensor): Tensor =>
        tf.conv2d(four(x), four(f), g.strides, [[0, 0], above, beside, [0, 0]]);
      await expectAgreement(conv, [image(g), filter], { tolerance });
    }, 31));

  test('kernels and strides along one axis', () =>
    property(async (g) => {
      const filter = randomTensor([...g.kernel, g.from, g.to], g.seed + 1);
      const conv = (x: Tensor, f: Tensor): Tensor => tf.conv2d(four(x), four(f), g.strides, 'same');
      await expectAgreement(conv, [image(g), filter], { tolerance });
    }, 32));

  test.each(['same', 'valid'] as const)('transposed, to every size that fits: %s', (pad) =>
    property(async (g) => {
      const filter = randomTensor([...g.kernel, g.to, g.from], g.seed + 1);
      const size = (axis: 0 | 1): number => {
        const least = pad === 'same' ? 1 : g.kernel[axis];
        const extra = g.seed % g.strides[axis];
        return ((axis === 0 ? g.height : g.width) - 1) * g.strides[axis] + least + extra;
      };
      const shape: Shape = [g.batch, size(0), size(1), g.to];
      const up = (x: Tensor, f: Tensor): Tensor =>
        tf.conv2dTranspose(four(x), four(f), shape, g.strides, pad);
      await expectAgreement(up, [image(g), filter], { tolerance });
    }, 33),
  );

  test('dilated', () =>
    property(async (g) => {
      const filter = randomTensor([...g.kernel, g.from, g.to], g.seed + 1);
      const dilation = [1 + (g.seed % 3), 1 + (g.seed % 4)] as const;
      const conv = (x: Tensor, f: Tensor): Tensor =>
        bound(new Map([['c/kernel', f]])).conv2d('c', x, {
          filters: g.to,
          kernel: g.kernel,
          stride: g.strides,
          dilation,
          bias: false,
        });
      await expectAgreement(conv, [image(g), filter], { tolerance });
    }, 34));

  test('long waveforms of many channels', async () => {
    for (const [from, to, dilation] of [
      [16, 16, 1],
      [64, 64, 8],
      [1, 64, 1],
      [64, 1, 2],
    ] as const) {
      const inputs = [randomTensor([2, 300, from], 1), randomTensor([3, from, to], 2)];
      const options = { filters: to, kernel: 3, dilation, pad: 'causal', bias: false } as const;
      const conv = (x: Tensor, f: Tensor): Tensor =>
        bound(new Map([['c/kernel', f]])).conv1d('c', x, options);
      await expectAgreement(conv, inputs, { tolerance });
    }
  });
});
