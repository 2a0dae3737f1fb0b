import { expect, test } from 'vitest';
import { understood } from '../../examples/metric-gan/understood.js';
import { RandomStreams } from '../../core/random/streams.js';
import { tf } from '../../core/tf.js';
import { intelligibility } from '../../media/audio/metrics/stoi.js';
import { embeddedSource } from '../../media/audio/sources/embedded.js';
import { tinyRun } from '../../lab/testing/index.js';
import { example } from './support.js';

test('what D learns to predict is close to STOI', async () => {
  await tf.setBackend('cpu');
  const sound = await embeddedSource('speech', 'test').read(0);
  const clean = Float32Array.from({ length: 3 * 16_000 }, (_, n) => sound[n % sound.length] ?? 0);
  const rms = Math.sqrt(clean.reduce((sum, v) => sum + v * v, 0) / clean.length);
  const noise = new RandomStreams(1).at('noise').fillUniform(new Float32Array(clean.length), -1, 1);
  const of = (x: Float32Array): tf.Tensor => tf.tensor3d(x, [1, x.length, 1]);
  const values = [0, 0.3, 1, 3, 10].map((level) => {
    const noisy = clean.map((v, n) => v + level * rms * (noise[n] ?? 0));
    const value = tf.tidy(() => understood(of(noisy), of(clean)).dataSync()[0] ?? NaN);
    return [value, intelligibility(noisy, clean, 16_000).stoi] as const;
  });
  expect(values[0]?.[0]).toBeCloseTo(1, 3);
  for (const [value, stoi] of values) expect(Math.abs(value - stoi)).toBeLessThan(0.15);
  const sorted = values.map(([value]) => value).sort((a, b) => b - a);
  expect(values.map(([value]) => value)).toEqual(sorted);
});

test('MetricGAN trains beside the content loss, and D learns what the metric says', async () => {
  const updates = 30;
  const { metrics } = await tinyRun({
    preset: 'speech_cnn_v1',
    plugins: [example('metric-gan/plugin')],
    without: ['images', 'samples', 'lossgraph', 'tensorboard', 'evaluation', 'speech.dnsmos'],
    updates,
    values: {
      ...{ dataset: 'speech:embedded', 'speech.data.clips': 1, 'speech.data.testClips': 1 },
      ...{ 'speech.data.seconds': 1, 'speech.data.cutSeconds': 0.5, 'speech.data.rooms': 1 },
      ...{ 'speech.generator.filters': [2, 2], 'speech.generator.width': 4 },
      ...{ 'speech.generator.dilations': [1, 2], 'optimizer.muon.warmUp': 1 },
      ...{ 'metricgan.width': 2, 'metricgan.depth': 2 },
    },
  });
  const of = (name: string) =>
    metrics.map((values) => {
      const found = [...values].find(([key]) => key.endsWith(name));
      return found?.[1] ?? NaN;
    });
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const prediction = of('prediction');
  expect(prediction.every((value) => Number.isFinite(value))).toBe(true);
  expect(of('understood').every((value) => value > 0 && value <= 1.001)).toBe(true);
  expect(mean(prediction.slice(-5))).toBeLessThan(0.5 * mean(prediction.slice(0, 3)));
});
