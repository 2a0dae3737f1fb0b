import { definePlugin, z, type EvaluationImages } from 'ncn';

/** Mean difference of the slopes of output and target, to the right and downwards. */
export function edgeError({ count, height, width, output, target }: EvaluationImages): number {
  let sum = 0;
  let steps = 0;
  const error = (i: number): number => (output[i] ?? NaN) - (target[i] ?? NaN);
  for (let i = 0; i < count * height * width; i++) {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    if (x + 1 < width) [sum, steps] = [sum + Math.abs(error(i + 1) - error(i)), steps + 1];
    if (y + 1 < height) [sum, steps] = [sum + Math.abs(error(i + width) - error(i)), steps + 1];
  }
  return sum / steps;
}

/** A metric of one's own: it stands in every evaluation, and so wherever evaluations are shown. */
export default definePlugin({
  name: 'edges',
  version: '1.0.0',
  summary: 'reports how far the edges of the output are off',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.metrics.tap(({ add }) => {
      add({ name: 'edges', value: edgeError });
    });
  },
});
