import { beforeAll, expect, test } from 'vitest';
import { measureBatch } from '../../core/evaluation/measure.js';
import { tf } from '../../core/tf.js';
import { ssimLoss } from '../../plugins/loss/ssim.js';
import { roughness } from '../../plugins/loss/differences.js';
import { imageMetrics } from '../../media/index.js';
import { randomTensor } from '../engines/compiled/agree.js';
import { prepareTiny } from '../support/tiny.js';
import { specOf } from './support.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Shape = [number, number, number, number];
const grey: Shape = [2, 14, 13, 1];
const colour: Shape = [2, 14, 13, 3];
const image = (seed: number, shape = grey) =>
  tf.tensor4d(randomTensor(shape, seed, 0, 1).data, shape);

/** Mean over the batch of a metric of images. */
async function measured(name: string, output: tf.Tensor4D, target: tf.Tensor4D): Promise<number> {
  const tensor = (x: tf.Tensor4D) => ({ shape: x.shape, data: x.dataSync<'float32'>() });
  const signals = new Map([['target', tensor(target)]]);
  const batch = { count: 2, signals, taken: signals, output: tensor(output) };
  const metrics = imageMetrics.filter((metric) => metric.name === name);
  const { means } = await measureBatch(metrics, { ...batch, outputBatch: undefined });
  return means.get(name) ?? NaN;
}

test.each([
  ['grey', grey],
  ['colour', colour],
])('the SSIM loss of %s is one minus the SSIM of the evaluation', async (_, shape) => {
  const x = image(1, shape);
  const y = tf.add<tf.Tensor4D>(tf.mul(x, 0.7), tf.mul(image(2, shape), 0.3));
  // scikit-image checks it, in the tests of metrics.
  const ssim = await measured('ssim', x, y);
  expect(ssim).toBeGreaterThan(0.1);
  expect(ssimLoss(x, y).dataSync()[0]).toBeCloseTo(1 - ssim, 5);
  expect(ssimLoss(x, x).dataSync()[0]).toBeCloseTo(0, 5);
});

test('total variation, worked out by hand', () => {
  // Two rows of three pixels, two channels: downwards |3|, |1|, |0| and 0; to the right |2|, |2|, …
  const pixels = [0, 5, 2, 5, 4, 5, 3, 5, 1, 5, 4, 5];
  const downwards = (3 + 1 + 0) / 6;
  const right = (2 + 2 + 2 + 3) / 8;
  const variation = roughness(tf.tensor4d(pixels, [1, 2, 3, 2])).dataSync()[0];
  expect(variation).toBeCloseTo(downwards + right, 6);
  // A waveform has one axis.
  const wave = tf.tensor3d([0, 1, -1, 0], [1, 4, 1]);
  expect(roughness(wave).dataSync()[0]).toBeCloseTo((1 + 2 + 1) / 3, 6);
});

test('the gradient of the SSIM loss equals finite differences', () => {
  const [x, y, direction] = [image(3), image(4), image(5)];
  const gradient = tf.grad((output) => ssimLoss(output, y))(x);
  const along = tf.sum(tf.mul(gradient, direction)).dataSync()[0] ?? NaN;
  const shifted = (by: number): number =>
    ssimLoss(tf.add(x, tf.mul(direction, by)), y).dataSync()[0] ?? NaN;
  const numeric = (shifted(1e-2) - shifted(-1e-2)) / 2e-2;
  expect(Math.abs(along)).toBeGreaterThan(1e-3);
  expect(Math.abs(along - numeric)).toBeLessThan(1e-2 * Math.abs(numeric));
});

test.each([
  ['adam', ['rate']],
  ['adamw', ['rate', 'decay']],
  ['muon', ['rate', 'step', 'decay']],
])('warm restarts multiply every learning rate of %s, and nothing else', async (name, of) => {
  const values = { 'restarts.period': 4, 'restarts.floor': 0.5 };
  const optimizer = `optimizer.${name}`;
  const plain = await prepareTiny('conditional_v1', {}, [optimizer]);
  const plugins = [optimizer, specOf('warm-restarts')];
  const restarted = await prepareTiny('conditional_v1', values, plugins);
  const scalars = (prepared: typeof plain, update: number) =>
    prepared.built.steps[0]?.scalars(update) ?? new Map<string, number>();
  // 0.5 + 0.5·(1 + cos πt)/2 at t = 0, ¼, ½, ¾, then again.
  const factors = [1, 0.75 + Math.SQRT1_2 / 4, 0.75, 0.75 - Math.SQRT1_2 / 4, 1];
  for (const [i, factor] of factors.entries()) {
    const [before, after] = [scalars(plain, i + 1), scalars(restarted, i + 1)];
    for (const [name, value] of before) {
      const isRate = of.some((part) => name.endsWith(`/${part}`));
      const expected = isRate ? factor * value : value;
      expect(after.get(name), name).toBeCloseTo(expected, 12);
    }
  }
});
