import { beforeAll, describe, expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs-core';
import { irfft, rfft, tf } from '../../../core/index.js';
import { expectAgreement, expectClose, randomTensor } from '../../engines/compiled/agree.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const sine = (n: number): number => Math.sin(0.3 + n);

/** The sums of the definition, in double precision: [rows][bins]. */
function spectrum(rows: readonly (readonly number[])[], window: (n: number) => number) {
  const size = rows[0]?.length ?? 0;
  const bins = Math.floor(size / 2) + 1;
  const part = (f: (angle: number) => number): Float32Array =>
    Float32Array.from(
      rows.flatMap((row) =>
        Array.from({ length: bins }, (_, k) =>
          row.reduce((sum, x, n) => sum + window(n) * x * f((-2 * Math.PI * k * n) / size), 0),
        ),
      ),
    );
  return { re: part(Math.cos), im: part(Math.sin) };
}

describe.each([1, 2, 7, 8, 30])('of %i samples', (size) => {
  const given = randomTensor([2, 3, size], size);
  const x = (): Tensor => tf.tensor(given.data, [2, 3, size]);
  const rows = Array.from({ length: 6 }, (_, i) => [...given.data.slice(i * size, (i + 1) * size)]);

  test('the transform is the sum of its definition, with and without a window', () => {
    for (const window of [undefined, sine]) {
      const expected = spectrum(rows, window ?? (() => 1));
      const { re, im } = rfft(x(), window);
      expect(re.shape).toEqual([2, 3, Math.floor(size / 2) + 1]);
      expectClose('re', re.dataSync<'float32'>(), expected.re, 1e-5);
      expectClose('im', im.dataSync<'float32'>(), expected.im, 1e-5);
    }
  });

  test('the inverse gives the samples back, times its window', () => {
    const back = irfft(rfft(x()), size, sine);
    expect(back.shape).toEqual([2, 3, size]);
    const expected = Float32Array.from(rows.flatMap((row) => row.map((v, n) => v * sine(n))));
    expectClose('samples', back.dataSync<'float32'>(), expected, 1e-5);
  });

  test('the gradient of the energy is that of Parseval’s theorem', () => {
    // Σₖ cₖ|X[k]|² = N·Σₙ x[n]², where bins with a mirror image count twice.
    const bins = Math.floor(size / 2) + 1;
    const twice = tf.tensor1d(
      Array.from({ length: bins }, (_, k) => (k === 0 || 2 * k === size ? 1 : 2)),
    );
    const gradient = tf.grad((samples: Tensor) => {
      const { re, im } = rfft(samples);
      return tf.sum(tf.mul(twice, tf.add(tf.square(re), tf.square(im))));
    })(x());
    const expected = given.data.map((value) => 2 * size * value);
    expectClose('gradient', gradient.dataSync<'float32'>(), expected, 1e-5);
  });

  test('the compiled engine agrees, with gradients', async () => {
    await expectAgreement(
      (samples) => {
        const { re, im } = rfft(samples, sine);
        return irfft({ re: tf.square(re), im: tf.tanh(im) }, size);
      },
      [given],
    );
  });
});

test('bins that do not belong to the size are refused', () => {
  const spectra = rfft(tf.ones([2, 8]));
  expect(() => irfft(spectra, 10)).toThrow(
    'irfft to 10 samples takes 6 bins; [2, 5] and [2, 5] were given',
  );
  // Of 8 and of 9 samples there are equally many.
  expect(irfft(spectra, 9).shape).toEqual([2, 9]);
});
