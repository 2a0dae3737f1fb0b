import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

/**
 * Mean √(error² + ε²): Charbonnier et al. (1994), as Lai et al. (2017) use it for pictures. Like L1
 * far from the target, like L2 near it.
 */
export const charbonnier = (output: tf.Tensor, target: tf.Tensor, epsilon: number): tf.Scalar =>
  tf.mean<tf.Scalar>(tf.sqrt(tf.add(tf.square(tf.sub(output, target)), epsilon ** 2)));

export default definePlugin({
  name: 'loss.charbonnier',
  version: '1.0.0',
  summary: 'smooth L1 of Charbonnier, as a loss of the main network',
  options: z.strictObject({
    weight: schedule().default(1).describe('weight in the loss'),
    epsilon: z.number().positive().default(1e-3).describe('error below which it is like L2'),
  }),
  setup({ hooks, options: { weight, epsilon } }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'charbonnier',
        network: main,
        weight: toSchedule(weight),
        value: ({ output, signal }) => charbonnier(output, signal('target'), epsilon),
      });
    });
  },
});
