import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import '../../core/tf.js';
import { wasmEngine } from '../../engines/eager/wasm.js';

beforeAll(async () => {
  await wasmEngine.probe();
});

async function gradients(
  backend: string,
  x: Float32Array,
  w: Float32Array,
  c: Case,
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const grads = tf.tidy(() => {
    const loss = (image: tf.Tensor, kernel: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(tf.conv2d(image as tf.Tensor4D, kernel as tf.Tensor4D, c.stride, c.pad)));
    return tf.grads(loss)([
      tf.tensor(x, [2, c.height, c.width, c.from], 'float32'),
      tf.tensor(w, [c.kernel, c.kernel, c.from, c.to], 'float32'),
    ]);
  });
  const values = await Promise.all(
    grads.map(async (g) => Float32Array.from(await g.data<'float32'>())),
  );
  tf.dispose(grads);
  return values;
}

interface Case {
  height: number;
  width: number;
  from: number;
  to: number;
  kernel: number;
  stride: number;
  pad: 'same' | 'valid';
}

const cases = fc.record({
  height: fc.integer({ min: 5, max: 9 }),
  width: fc.integer({ min: 5, max: 9 }),
  from: fc.integer({ min: 1, max: 4 }),
  to: fc.integer({ min: 1, max: 4 }),
  kernel: fc.integer({ min: 1, max: 5 }),
  stride: fc.integer({ min: 1, max: 3 }),
  pad: fc.constantFrom('same' as const, 'valid' as const),
});

test('gradients of convolutions on wasm equal those of the cpu backend', async () => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
      async (c, values) => {
        const take = (n: number) =>
          Float32Array.from({ length: n }, () => Number(values.next().value ?? 0));
        const x = take(2 * c.height * c.width * c.from);
        const w = take(c.kernel ** 2 * c.from * c.to);
        const expected = await gradients('cpu', x, w, c);
        const got = await gradients('wasm', x, w, c);
        expected.forEach((e, i) => {
          expect(got[i]?.length).toBe(e.length);
          e.forEach((v, j) => expect(got[i]?.[j]).toBeCloseTo(v, 2));
        });
      },
    ),
    { numRuns: 60, seed: 7 },
  );
});
