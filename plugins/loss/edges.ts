import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';
import { roughness } from './differences.js';

/**
 * How far the slopes of output and target are apart: the mean |difference| of neighbours in their
 * error, summed over the axes. It is the gradient term of Eigen and Fergus (2015), equation 1, with
 * absolute values in the place of squares.
 * @param output [batch, …, channels]; target the same
 */
export const edgeLoss = (output: tf.Tensor, target: tf.Tensor): tf.Scalar =>
  roughness(tf.sub(output, target));

export default definePlugin({
  name: 'loss.edges',
  version: '1.0.0',
  summary: 'difference of the slopes of output and target, as a loss of the main network',
  options: z.strictObject({ weight: schedule().default(0.5).describe('weight in the loss') }),
  setup({ hooks, options }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'edges',
        network: main,
        weight: toSchedule(options.weight),
        value: ({ output, signal }) => edgeLoss(output, signal('target')),
      });
    });
  },
});
