import { beforeAll, describe, expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../../core/tf.js';
import {
  bound,
  expectSameWithGradients,
  images,
  random,
  toTensor,
  type Doubles,
} from './support.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const inner = (a: Tensor, b: Tensor): number => tf.sum(tf.mul(a, b)).dataSync()[0] ?? NaN;

/** ⟨Ax, y⟩ = ⟨x, Aᵀy⟩, where Aᵀ has the kernel that A has: theirs are [.., in, out] and [.., out, in]. */
describe('a transposed convolution is the adjoint of the convolution', () => {
  test.each([
    { size: [8, 6], kernel: 3, stride: 2, pad: 'same', outputSize: undefined },
    { size: [33, 9], kernel: [5, 1], stride: [2, 1], pad: 'same', outputSize: [33, 9] },
    { size: [7, 10], kernel: [4, 3], stride: [3, 2], pad: 'same', outputSize: [7, 10] },
    { size: [9, 12], kernel: [3, 2], stride: [2, 3], pad: 'valid', outputSize: [9, 12] },
    { size: [8, 7], kernel: [2, 3], stride: 1, pad: 'valid', outputSize: undefined },
    { size: [6, 9], kernel: [2, 3], stride: 3, pad: 'same', outputSize: undefined },
  ] as const)('$size, kernel $kernel, stride $stride, $pad', ({ size, outputSize, ...options }) => {
    const kernel = typeof options.kernel === 'number' ? [3, 3] : options.kernel;
    const x = images([2, ...size, 3], 1);
    const layers = bound(new Map([['c/kernel', toTensor(random([...kernel, 3, 4], 2))]]));
    const down = layers.conv2d('c', x, { ...options, filters: 4, bias: false });
    const y = toTensor(random(down.shape, 3));
    const given = { ...options, filters: 3, bias: false };
    const up = layers.conv2dTranspose(
      'c',
      y,
      outputSize === undefined ? given : { ...given, outputSize },
    );
    expect(up.shape).toEqual(x.shape);
    expect(inner(x, up)).toBeCloseTo(inner(down, y), 3);
  });

  test.each([
    { time: 12, kernel: 4, stride: 3, pad: 'same', outputSize: undefined },
    { time: 33, kernel: 5, stride: 2, pad: 'same', outputSize: 33 },
    { time: 18, kernel: 5, stride: 4, pad: 'valid', outputSize: 18 },
  ] as const)(
    '$time samples, kernel $kernel, stride $stride, $pad',
    ({ time, outputSize, ...options }) => {
      const x = toTensor(random([2, time, 3], 1));
      const layers = bound(new Map([['c/kernel', toTensor(random([options.kernel, 3, 4], 2))]]));
      const down = layers.conv1d('c', x, { ...options, filters: 4, bias: false });
      const y = toTensor(random(down.shape, 3));
      const given = { ...options, filters: 3, bias: false };
      const up = layers.conv1dTranspose(
        'c',
        y,
        outputSize === undefined ? given : { ...given, outputSize },
      );
      expect(up.shape).toEqual(x.shape);
      expect(inner(x, up)).toBeCloseTo(inner(down, y), 3);
    },
  );
});

/** Each value of x adds the kernel, times itself, from its place times the stride on. */
function spread(x: Doubles, kernel: Doubles, bias: Doubles): Doubles {
  const [batch = 0, time = 0, channels = 0] = x.shape;
  const [taps = 0, filters = 0] = kernel.shape;
  const [stride, size, before] = [2, 9, 1];
  const data = new Float64Array(batch * size * filters);
  data.forEach((_, i) => (data[i] = bias.data[i % filters] ?? NaN));
  for (let b = 0; b < batch; b++)
    for (let t = 0; t < time; t++)
      for (let k = 0; k < taps; k++)
        for (let o = 0; o < filters; o++)
          for (let c = 0; c < channels; c++) {
            const to = t * stride + k - before;
            if (to < 0 || to >= size) continue;
            const at = (b * size + to) * filters + o;
            const tap = kernel.data[(k * filters + o) * channels + c] ?? NaN;
            data[at] = (data[at] ?? NaN) + (x.data[(b * time + t) * channels + c] ?? NaN) * tap;
          }
  return { shape: [batch, size, filters], data };
}

test('5 samples to 9, with gradients', () => {
  const options = { filters: 2, kernel: 3, stride: 2, outputSize: 9 };
  expectSameWithGradients({
    layer: (layers, x) => layers.conv1dTranspose('up', x, options),
    parameters: ['up/kernel', 'up/bias'],
    plain: spread,
    inputs: [random([2, 5, 3], 1), random([3, 2, 3], 2), random([2], 3)],
  });
});
