import { expect, test } from 'vitest';
import { trainExamples } from './support.js';

const train = (names: readonly string[]) => trainExamples('dcnn_v1', names);

test('total variation is a term of the loss', async () => {
  const { metrics } = await train(['loss.variation']);
  for (const values of metrics) {
    const content = values.get('generator/content') ?? NaN;
    const variation = values.get('generator/variation') ?? NaN;
    expect(variation).toBeGreaterThan(0);
    expect(values.get('generator/loss')).toBeCloseTo(content + 0.01 * variation, 5);
  }
});

test('centralised gradients have mean zero for each filter; the loss is the same', async () => {
  const plain = await train([]);
  const { metrics, state } = await train(['gradient-centralisation']);
  expect(metrics[0]?.get('generator/loss')).toBe(plain.metrics[0]?.get('generator/loss'));
  const meansOf = ({ data, shape }: { data: Float32Array; shape: readonly number[] }) => {
    const filters = shape.at(-1) ?? 1;
    const sums = new Array<number>(filters).fill(0);
    data.forEach((value, i) => (sums[i % filters] = (sums[i % filters] ?? 0) + value));
    return Math.max(...sums.map((sum) => Math.abs((sum * filters) / data.length)));
  };
  const m = 'optimizer/main/generator/conv1/kernel/m';
  const [before, after] = [plain.state.get(m), state.get(m)];
  if (before === undefined || after === undefined) throw new Error(`no ${m}`);
  const size = Math.hypot(...before.data);
  expect(Math.hypot(...after.data)).toBeGreaterThan(0.01 * size);
  expect(meansOf(before)).toBeGreaterThan(1e-4 * size);
  expect(meansOf(after)).toBeLessThan(1e-6 * size);
});

test('the average of the weights follows the weights', async () => {
  const { state } = await train(['ema']);
  const now = state.get('generator/conv1/kernel')?.data ?? [];
  const average = state.get('ema/generator/conv1/kernel')?.data ?? [];
  expect(average.length).toBe(now.length);
  expect(average).not.toEqual(now);
  now.forEach((value, i) => expect(Math.abs(value - (average[i] ?? NaN))).toBeLessThan(0.01));
});
