import { definePlugin, z } from 'ncn';

/**
 * Pearson's correlation of two signals of one size: 1 where they differ by a factor above zero and
 * an offset at most, 0 where they have nothing in common; an even signal counts as 0.
 */
export function correlation(output: Float32Array, target: Float32Array): number {
  const [y, t] = [centred(output), centred(target)];
  const size = Math.sqrt(product(y, y) * product(t, t));
  return size > 0 ? product(y, t) / size : 0;
}

function centred(data: Float32Array): Float64Array {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return Float64Array.from(data, (value) => value - mean);
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/**
 * Shows whether the right content is there, whatever its brightness or loudness: `ncn evaluate RUN
 * --plugin examples/correlation.ts`.
 */
export default definePlugin({
  name: 'correlation',
  version: '1.0.0',
  summary: 'reports how well output and target correlate, scale and offset aside',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.metrics.tap(({ add }) => {
      add({
        name: 'correlation',
        label: 'Correlation',
        better: 'higher',
        value: ({ output, signal }) => correlation(output.data, signal('target').data),
      });
    });
  },
});
