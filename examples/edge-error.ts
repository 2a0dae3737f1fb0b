import { definePlugin, z, type HostTensor } from 'ncn';

/**
 * Mean difference of the slopes of two images, to the right and downwards.
 * @param output [height, width, channels]; target the same
 */
export function edgeError({ shape, data }: HostTensor, target: HostTensor): number {
  const [height = 0, width = 0, channels = 1] = shape;
  const error = (i: number): number => (data[i] ?? NaN) - (target.data[i] ?? NaN);
  let sum = 0;
  let steps = 0;
  const step = (from: number, to: number): void => {
    sum += Math.abs(error(to) - error(from));
    steps++;
  };
  for (let i = 0; i < height * width * channels; i++) {
    const x = Math.floor(i / channels) % width;
    if (x + 1 < width) step(i, i + channels);
    const below = i + width * channels;
    if (below < data.length) step(i, below);
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
      add({
        name: 'edges',
        label: 'Edge error',
        better: 'lower',
        // The console, too, shows it.
        headline: true,
        value: ({ output, signal }) => edgeError(output, signal('target')),
      });
    });
  },
});
