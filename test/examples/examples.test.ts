import { expect, test } from 'vitest';
import { tinyRun } from '../../lab/testing/index.js';
import { example, trainExamples } from './support.js';

const train = (names: readonly string[]) => trainExamples('dcnn_v1', names);

test('total variation is a term of the loss', async () => {
  const { metrics } = await train(['total-variation']);
  for (const values of metrics) {
    const content = values.get('generator/content') ?? NaN;
    const variation = values.get('generator/variation') ?? NaN;
    expect(variation).toBeGreaterThan(0);
    expect(values.get('generator/loss')).toBeCloseTo(content + 0.01 * variation, 5);
  }
});

test('clipping changes what the optimizer sees, not the loss of the first update', async () => {
  const plain = await train([]);
  const clipped = await train(['gradient-clipping']);
  expect(clipped.metrics[0]?.get('generator/loss')).toBe(plain.metrics[0]?.get('generator/loss'));
  const m = 'optimizer/main/generator/conv1/kernel/m';
  const size = (data: Float32Array | undefined) => Math.hypot(...(data ?? []));
  const [before, after] = [plain.state.get(m)?.data, clipped.state.get(m)?.data];
  expect(size(after)).toBeGreaterThan(0);
  expect(size(after)).toBeLessThanOrEqual(size(before) + 1e-7);
});

test('the average of the weights follows the weights', async () => {
  const { state } = await train(['weight-average']);
  const now = state.get('generator/conv1/kernel')?.data ?? [];
  const average = state.get('average/generator/conv1/kernel')?.data ?? [];
  expect(average.length).toBe(now.length);
  expect(average).not.toEqual(now);
  now.forEach((value, i) => expect(Math.abs(value - (average[i] ?? NaN))).toBeLessThan(0.01));
});

const plateau = (metric: string, least: number) =>
  tinyRun({
    plugins: [example('plateau')],
    values: { 'plateau.metric': metric, 'plateau.patience': 1, 'plateau.least': least },
  });

test('a stopping rule knows which way a metric gets better', async () => {
  // Evaluations before training and at update 3: the second is no new best value.
  const stopped = await plateau('psnr', 100);
  expect(stopped.summary.get('stopped')).toBe('psnr has not become better for 1 evaluations');
  expect(stopped.metrics).toHaveLength(3);
  const batch = await plateau('batch/ssim', 100);
  expect(batch.summary.get('stopped')).toBe('ssim has not become better for 1 evaluations');
});

test('a stopping rule refuses a metric of which neither way is better, and one that there is not', async () => {
  await expect(plateau('black', 0)).rejects.toThrow(
    /'black' cannot be watched; these can: content/,
  );
  await expect(plateau('contnt', 0)).rejects.toThrow(/'contnt' cannot be watched/);
});
