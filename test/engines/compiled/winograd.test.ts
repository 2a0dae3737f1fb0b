import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { describe, expect, it, test } from 'vitest';
import type { HostTensor } from '../../../core/engine/types.js';
import { filtering, type Matrix } from '../../../engines/compiled/lower/winograd/cook-toom.js';
import { tilingOf } from '../../../engines/compiled/lower/winograd/tiling.js';
import { compiled, expectAgreement, numbers, randomTensor, weightsOf } from './agree.js';
import { plainConvolution } from './plain-conv.js';

const times = (m: Matrix, v: readonly number[]): number[] =>
  m.map((row) => row.reduce((sum, a, i) => sum + a * (v[i] ?? NaN), 0));

test.each([
  [2, 3],
  [4, 3],
  [2, 5],
  [4, 5],
])('F(%i, %i) is a filter', (outputs, taps) => {
  const algorithm = filtering(outputs, taps);
  if (algorithm === undefined) throw new Error('no such algorithm');
  const next = numbers(7);
  const d = Array.from({ length: outputs + taps - 1 }, next);
  const g = Array.from({ length: taps }, next);
  const inside = times(algorithm.input, d);
  const y = times(
    algorithm.output,
    times(algorithm.filter, g).map((v, i) => v * (inside[i] ?? NaN)),
  );
  const expected = y.map((_, i) => g.reduce((sum, tap, k) => sum + tap * (d[i + k] ?? NaN), 0));
  y.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 12));
});

test('there is no algorithm for sizes without points', () => {
  expect(filtering(4, 4)).toBeUndefined();
});

test.each([1, 3])(
  'signals too long for matrices over an axis are refused at once: kernel [%i, 3]',
  (rows) => {
    // The matrices of this axis would have six thousand million entries.
    const shape = [1, 3, 65536, 48] as const;
    const window = {
      kernel: [rows, 3],
      strides: [1, 1],
      dilations: [1, 1],
      pads: [(rows - 1) / 2, 1, (rows - 1) / 2, 1],
    } as const;
    const options = { block: 16, chunk: 0, winograd: true };
    expect(tilingOf(options, { x: shape, y: shape, window })).toBeUndefined();
  },
);

describe('convolutions of many channels', () => {
  it.each([
    { x: [2, 8, 8, 48], f: [3, 3, 48, 64], pad: 'same', tiled: true },
    { x: [1, 10, 15, 64], f: [3, 3, 64, 48], pad: 'valid', tiled: true },
    { x: [3, 12, 7, 48], f: [3, 5, 48, 48], pad: 'same', tiled: true },
    { x: [2, 12, 13, 48], f: [5, 5, 48, 48], pad: 'valid', tiled: true },
    { x: [2, 9, 9, 48], f: [5, 5, 48, 56], pad: 'same', tiled: true },
    { x: [2, 5, 5, 48], f: [3, 3, 48, 48], pad: 'valid', tiled: true },
    // Rows enough for products of their own, row of tiles by row of tiles.
    { x: [32, 8, 11, 48], f: [3, 3, 48, 48], pad: 'same', tiled: true },
    { x: [2, 8, 8, 48], f: [4, 4, 48, 48], pad: 'valid', tiled: false },
    { x: [2, 7, 6, 2], f: [3, 3, 2, 64], pad: 'same', tiled: false },
    { x: [2, 7, 6, 64], f: [3, 3, 64, 2], pad: 'same', tiled: false },
    { x: [2, 9, 8, 3], f: [5, 4, 3, 48], pad: 'valid', tiled: false },
    { x: [2, 9, 8, 48], f: [5, 4, 48, 3], pad: 'valid', tiled: false },
    { x: [1, 6, 6, 1], f: [1, 1, 1, 48], pad: 'same', tiled: false },
  ] as const)('$x * $f, $pad', async ({ x, f, pad, tiled }) => {
    const conv = (a: Tensor, b: Tensor): Tensor => tf.conv2d(a as Tensor4D, b as Tensor4D, 1, pad);
    const [height, width] = pad === 'same' ? [x[1], x[2]] : [x[1] - f[0] + 1, x[2] - f[1] + 1];
    const around = [f[0], f[1], f[0], f[1]].map((k) => (pad === 'same' ? (k - 1) / 2 : 0));
    const [top = 0, left = 0, bottom = 0, right = 0] = around;
    const tiling = tilingOf(
      { block: 16, chunk: 0, winograd: true },
      {
        x,
        y: [x[0], height, width, f[3]],
        window: {
          kernel: [f[0], f[1]],
          strides: [1, 1],
          dilations: [1, 1],
          pads: [top, left, bottom, right],
        },
      },
    );
    expect(tiling !== undefined).toBe(tiled);
    const inputs = [randomTensor(x, 1), randomTensor(f, 2)] as const;
    const oracle = (): ReadonlyMap<string, HostTensor> => {
      const { y, dx, df } = plainConvolution(...inputs, pad, weightsOf);
      return new Map(Object.entries({ y, 'gradient 0': dx, 'gradient 1': df }));
    };
    await expectAgreement(conv, inputs, { tolerance: 2e-5, oracle });
    // And with tf.js, where that does not take long.
    if (!tiled) await expectAgreement(conv, inputs, { tolerance: 2e-5 });
  });
});

test('arithmetic on a filter gradient keeps to the filter', async () => {
  const step = (x: Tensor, f: Tensor): Tensor => {
    const loss = (filter: Tensor): tf.Scalar =>
      tf.sum(tf.square(tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same')));
    return tf.sub(f, tf.mul(tf.clipByValue(tf.grad(loss)(f), -100, 100), 0.01));
  };
  const inputs = [randomTensor([2, 8, 8, 48], 1), randomTensor([3, 3, 48, 64], 2)];
  await expectAgreement(step, inputs, { gradients: false, tolerance: 2e-5 });
});

/** Root of the mean square of the difference from double precision, relative to the result. */
async function rootMeanSquare(kernel: number): Promise<number> {
  const [side, channels] = [16, 64];
  const x = randomTensor([1, side, side, channels], 1);
  const f = randomTensor([kernel, kernel, channels, channels], 2);
  const conv = (a: Tensor, b: Tensor): Tensor =>
    tf.conv2d(a as Tensor4D, b as Tensor4D, 1, 'valid');
  const y = await compiled([x, f], conv);
  const to = side - kernel + 1;
  let [apart, total] = [0, 0];
  y.forEach((value, position) => {
    const [row, column] = [
      Math.floor(position / channels / to),
      Math.floor(position / channels) % to,
    ];
    let exact = 0;
    for (let i = 0; i < kernel; i++) {
      for (let j = 0; j < kernel; j++) {
        for (let k = 0; k < channels; k++) {
          const pixel = x.data[((row + i) * side + column + j) * channels + k] ?? NaN;
          const weight =
            f.data[((i * kernel + j) * channels + k) * channels + (position % channels)];
          exact += pixel * (weight ?? NaN);
        }
      }
    }
    apart += (value - exact) ** 2;
    total += exact ** 2;
  });
  return Math.sqrt(apart / total);
}

// What docs/engines.md says.
test.each([
  [3, 2e-6],
  [5, 8e-6],
])('the rounding error of %i taps', async (kernel, most) => {
  const error = await rootMeanSquare(kernel);
  expect(error).toBeGreaterThan(1e-8);
  expect(error).toBeLessThan(most);
});
