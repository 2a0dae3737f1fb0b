import { beforeAll, expect, test } from 'vitest';
import {
  batchNormInference,
  batchNormTrain,
  type BatchMoments,
} from '../../../core/step/batch-norm.js';
import { tf } from '../../../core/tf.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const x = Float32Array.from({ length: 2 * 3 * 3 * 2 }, (_, i) => Math.sin(i * 1.7) + (i % 2) * 3);

function closedForm(channel: number, gamma: number, beta: number) {
  const values = [...x].filter((_, i) => i % 2 === channel);
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length;
  return {
    mean,
    variance,
    y: values.map((v) => (gamma * (v - mean)) / Math.sqrt(variance + 1e-3) + beta),
  };
}

test('training mode normalises with the statistics of the batch', () => {
  const seen: BatchMoments[] = [];
  const y = batchNormTrain(
    tf.tensor4d(x, [2, 3, 3, 2]),
    tf.tensor1d([1.5, 0.5]),
    tf.tensor1d([0.2, -1]),
    (m) => seen.push({ mean: tf.keep(tf.clone(m.mean)), variance: tf.keep(tf.clone(m.variance)) }),
  ).dataSync();
  [
    [1.5, 0.2],
    [0.5, -1],
  ].forEach(([gamma = 1, beta = 0], channel) => {
    const expected = closedForm(channel, gamma, beta);
    [...y]
      .filter((_, i) => i % 2 === channel)
      .forEach((v, i) => expect(v).toBeCloseTo(expected.y[i] ?? NaN, 5));
    expect(seen[0]?.mean.dataSync()[channel]).toBeCloseTo(expected.mean, 5);
    expect(seen[0]?.variance.dataSync()[channel]).toBeCloseTo(expected.variance, 5);
  });
});

test('evaluation mode normalises with the given statistics', () => {
  const moments = { mean: tf.tensor1d([0.5, 2]), variance: tf.tensor1d([4, 9]) };
  const y = batchNormInference(
    tf.tensor4d(x, [2, 3, 3, 2]),
    tf.tensor1d([2, 1]),
    tf.tensor1d([0, 1]),
    moments,
  );
  const values = y.dataSync();
  expect(values[0]).toBeCloseTo((2 * ((x[0] ?? 0) - 0.5)) / Math.sqrt(4.001), 5);
  expect(values[1]).toBeCloseTo(((x[1] ?? 0) - 2) / Math.sqrt(9.001) + 1, 5);
});

test('the analytic gradient equals that of the same formula in plain operations', () => {
  const weights = tf.tensor4d(
    x.map((_, i) => Math.cos(i)),
    [2, 3, 3, 2],
  );
  const inputs = [tf.tensor4d(x, [2, 3, 3, 2]), tf.tensor1d([1.5, 0.5]), tf.tensor1d([0.2, -1])];
  const analytic = tf.grads((a, g, b) =>
    tf.sum(
      tf.mul(
        weights,
        batchNormTrain(a as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D, () => undefined),
      ),
    ),
  )(inputs);
  const plain = tf.grads((a, g, b) => {
    const mean = tf.mean(a, [0, 1, 2]);
    const centred = tf.sub(a, mean);
    const variance = tf.mean(tf.mul(centred, centred), [0, 1, 2]);
    return tf.sum(
      tf.mul(weights, tf.add(tf.mul(tf.div(centred, tf.sqrt(tf.add(variance, 1e-3))), g), b)),
    );
  })(inputs);
  analytic.forEach((gradient, k) => {
    const expected = plain[k]?.dataSync() ?? [];
    gradient.dataSync().forEach((v, i) => expect(v).toBeCloseTo(expected[i] ?? NaN, 4));
  });
});
