import { expect, test } from 'vitest';
import { evaluateImages } from '../../media/image/metrics/evaluate.js';
import { tf } from '../../core/tf.js';
import { ssimLoss } from '../../examples/ssim-loss.js';
import { randomTensor } from '../engines/compiled/agree.js';
import { prepareExamples } from './support.js';

const shape: [number, number, number, number] = [2, 14, 13, 1];
const image = (seed: number) => tf.tensor4d(randomTensor(shape, seed, 0, 1).data, shape);

test('the SSIM loss is one minus the SSIM of the evaluation, which scikit-image checks', async () => {
  await tf.setBackend('cpu');
  const [x, y] = [image(1), tf.add<tf.Tensor4D>(tf.mul(image(1), 0.7), tf.mul(image(2), 0.3))];
  const [count, height, width] = shape;
  const { ssim } = evaluateImages({
    count,
    height,
    width,
    output: x.dataSync<'float32'>(),
    target: y.dataSync<'float32'>(),
    reference: y.dataSync<'float32'>(),
  });
  expect(ssim).toBeGreaterThan(0.1);
  expect(ssimLoss(x, y).dataSync()[0]).toBeCloseTo(1 - ssim, 5);
  expect(ssimLoss(x, x).dataSync()[0]).toBeCloseTo(0, 5);
});

test('the gradient of the SSIM loss equals finite differences', () => {
  const [x, y, direction] = [image(3), image(4), image(5)];
  const gradient = tf.grad((output) => ssimLoss(output as tf.Tensor4D, y))(x);
  const along = tf.sum(tf.mul(gradient, direction)).dataSync()[0] ?? NaN;
  const shifted = (by: number): number =>
    ssimLoss(tf.add(x, tf.mul(direction, by)), y).dataSync()[0] ?? NaN;
  const numeric = (shifted(1e-2) - shifted(-1e-2)) / 2e-2;
  expect(Math.abs(along)).toBeGreaterThan(1e-3);
  expect(Math.abs(along - numeric)).toBeLessThan(1e-2 * Math.abs(numeric));
});

test('warm restarts multiply every learning rate, and nothing else', async () => {
  const values = { 'restarts.period': 4, 'restarts.floor': 0.5 };
  const plain = await prepareExamples('conditional_v1', []);
  const restarted = await prepareExamples('conditional_v1', ['warm-restarts'], values);
  const scalars = (prepared: typeof plain, update: number) =>
    prepared.built.steps[0]?.scalars(update) ?? new Map<string, number>();
  // 0.5 + 0.5·(1 + cos πt)/2 at t = 0, ¼, ½, ¾, then again.
  const factors = [1, 0.75 + Math.SQRT1_2 / 4, 0.75, 0.75 - Math.SQRT1_2 / 4, 1];
  for (const [i, factor] of factors.entries()) {
    const [before, after] = [scalars(plain, i + 1), scalars(restarted, i + 1)];
    for (const [name, value] of before) {
      const expected = name.endsWith('/rate') ? factor * value : value;
      expect(after.get(name), name).toBeCloseTo(expected, 12);
    }
  }
});
