import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

/** Each value of x less the one before it along an axis. */
function steps(x: tf.Tensor, axis: number): tf.Tensor {
  const size = x.shape.map((side, i) => (i === axis ? side - 1 : side));
  const from = (first: number): tf.Tensor =>
    tf.slice(
      x,
      x.shape.map((_, i) => (i === axis ? first : 0)),
      size,
    );
  return tf.sub(from(1), from(0));
}

/**
 * Mean |difference| of neighbours, summed over the axes: total variation (Rudin, Osher, Fatemi,
 * 1992).
 * @param x [batch, …, channels]: images of any number of channels, waveforms
 */
export const totalVariation = (x: tf.Tensor): tf.Scalar =>
  tf.addN(
    [...x.shape.keys()].slice(1, -1).map((axis) => tf.mean<tf.Scalar>(tf.abs(steps(x, axis)))),
  );

/** Adds a loss term that prefers smooth outputs. */
export default definePlugin({
  name: 'loss.variation',
  version: '1.0.0',
  summary: 'total variation of the output, as a loss of the main network',
  options: z.strictObject({ weight: schedule().default(0.01).describe('weight in the loss') }),
  setup({ hooks, options }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'variation',
        network: main,
        weight: toSchedule(options.weight),
        value: ({ output }) => totalVariation(output),
      });
    });
  },
});
