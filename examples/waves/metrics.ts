import { definePlugin, z } from 'ncn';

/**
 * Signal-to-noise ratio in dB: 10·log10(Σt² / Σ(y − t)²). Infinite where the output is the target.
 * @param output y @param target t
 */
export function snr(output: Float32Array, target: Float32Array): number {
  let signal = 0;
  let noise = 0;
  target.forEach((t, i) => {
    signal += t * t;
    noise += ((output[i] ?? NaN) - t) ** 2;
  });
  return 10 * Math.log10(signal / noise);
}

/** A metric with a unit and a direction: tables, pages, comparisons and TensorBoard follow. */
export default definePlugin({
  name: 'waves.metrics',
  version: '1.0.0',
  summary: 'signal-to-noise ratio of the output',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.metrics.tap(({ add }) => {
      add({
        name: 'snr',
        label: 'SNR',
        unit: 'dB',
        better: 'higher',
        headline: true,
        primary: true,
        value: ({ output, signal }) => snr(output.data, signal('target').data),
      });
    });
  },
});
