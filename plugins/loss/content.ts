import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

const options = z.strictObject({
  kind: z.enum(['l1', 'l2']).default('l1').describe('mean |target − output|, or its square'),
  weight: schedule().default(1).describe('weight in the loss of the main network'),
});

/** The content loss: how far the output is from what it should be. */
export default definePlugin({
  name: 'loss.content',
  version: '1.0.0',
  summary: 'content loss of the main network, L1 or L2',
  options,
  setup({ hooks, options: { kind, weight } }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'content',
        network: main,
        weight: toSchedule(weight),
        value({ signal, output }) {
          const error = tf.sub(signal('target'), output);
          return tf.mean<tf.Scalar>(kind === 'l1' ? tf.abs(error) : tf.square(error));
        },
      });
    });
  },
});
