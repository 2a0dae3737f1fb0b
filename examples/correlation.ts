import { definePlugin, z, type EvaluationImages } from 'ncn';

/**
 * Mean over the images of Pearson's correlation between output and target: 1 where they differ in
 * brightness and contrast at most, 0 where they have nothing in common; an even image counts as 0.
 */
export function correlation({ count, height, width, output, target }: EvaluationImages): number {
  const pixels = height * width;
  let total = 0;
  for (let image = 0; image < count; image++) {
    const from = image * pixels;
    const [y, t] = [output, target].map((data) => centred(data.subarray(from, from + pixels)));
    const size = Math.sqrt(product(y, y) * product(t, t));
    if (size > 0) total += product(y, t) / size;
  }
  return total / count;
}

function centred(data: Float32Array): Float64Array {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return Float64Array.from(data, (value) => value - mean);
}

function product(a: Float64Array = new Float64Array(), b: Float64Array = a): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/**
 * Shows whether the right digit is there, whatever its brightness: `ncn evaluate RUN --plugin
 * examples/correlation.ts`.
 */
export default definePlugin({
  name: 'correlation',
  version: '1.0.0',
  summary: 'reports how well output and target correlate, brightness and contrast aside',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.metrics.tap(({ add }) => {
      add({ name: 'correlation', value: correlation });
    });
  },
});
