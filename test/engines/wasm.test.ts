import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import '../../core/tf.js';
import { wasmEngine } from '../../engines/eager/wasm.js';

beforeAll(async () => {
  await wasmEngine.probe();
});

/** A convolution, or a transposed one; from `from` to `to` channels. */
interface Case {
  readonly height: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
  readonly kernel: readonly [number, number];
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | 'causal';
}

type Operation = (image: tf.Tensor4D, kernel: tf.Tensor4D, c: Case) => tf.Tensor4D;

const convolution: Operation = (image, kernel, { kernel: [kh, kw], strides, pad }) => {
  if (pad !== 'causal') return tf.conv2d(image, kernel, strides, pad);
  // All zeros on one side.
  return tf.conv2d(image, kernel, strides, [
    [0, 0],
    [kh - 1, 0],
    [kw - 1, 0],
    [0, 0],
  ]);
};

/** To the least size from which a convolution leads back, which no stride divides. */
const transposed: Operation = (image, kernel, c) => {
  const [batch, height, width] = image.shape;
  const size = (side: number, axis: 0 | 1): number =>
    (side - 1) * c.strides[axis] + (c.pad === 'valid' ? c.kernel[axis] : 1);
  const swapped = tf.transpose<tf.Tensor4D>(kernel, [0, 1, 3, 2]);
  const shape: [number, number, number, number] = [batch, size(height, 0), size(width, 1), c.to];
  return tf.conv2dTranspose(image, swapped, shape, c.strides, c.pad === 'valid' ? 'valid' : 'same');
};

async function gradients(
  backend: string,
  operation: Operation,
  x: Float32Array,
  w: Float32Array,
  c: Case,
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const grads = tf.tidy(() => {
    const loss = (image: tf.Tensor, kernel: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(operation(image as tf.Tensor4D, kernel as tf.Tensor4D, c)));
    return tf.grads(loss)([
      tf.tensor(x, [2, c.height, c.width, c.from], 'float32'),
      tf.tensor(w, [...c.kernel, c.from, c.to], 'float32'),
    ]);
  });
  const values = await Promise.all(
    grads.map(async (g) => Float32Array.from(await g.data<'float32'>())),
  );
  tf.dispose(grads);
  return values;
}

const side = fc.integer({ min: 1, max: 5 });
const stride = fc.integer({ min: 1, max: 3 });

const cases = fc.record({
  height: fc.integer({ min: 5, max: 9 }),
  width: fc.integer({ min: 5, max: 9 }),
  from: fc.integer({ min: 1, max: 4 }),
  to: fc.integer({ min: 1, max: 4 }),
  kernel: fc.tuple(side, side),
  strides: fc.tuple(stride, stride),
  pad: fc.constantFrom('same' as const, 'valid' as const, 'causal' as const),
});

test.each([
  ['convolutions', convolution],
  ['transposed convolutions', transposed],
])('gradients of %s on wasm equal those of the cpu backend', async (_, operation) => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
      async (c, values) => {
        const take = (n: number) =>
          Float32Array.from({ length: n }, () => Number(values.next().value ?? 0));
        const x = take(2 * c.height * c.width * c.from);
        const w = take(c.kernel[0] * c.kernel[1] * c.from * c.to);
        const expected = await gradients('cpu', operation, x, w, c);
        const got = await gradients('wasm', operation, x, w, c);
        expected.forEach((e, i) => {
          expect(got[i]?.length).toBe(e.length);
          e.forEach((v, j) => expect(got[i]?.[j]).toBeCloseTo(v, 2));
        });
      },
    ),
    { numRuns: 60, seed: 7 },
  );
});
