import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

const options = z.strictObject({
  kind: z.enum(['l1', 'l2']).default('l1').describe('mean |target − output|, or its square'),
  weight: schedule().default(1).describe('weight in the loss of the generator'),
});

/** The content loss: how far the output is from what it should be. */
export default definePlugin({
  name: 'loss.content',
  version: '1.0.0',
  summary: 'content loss of the generator, L1 or L2',
  options,
  setup({ hooks, options: { kind, weight } }) {
    hooks.losses.tap(({ add }) => {
      add({
        name: 'content',
        network: 'generator',
        weight: toSchedule(weight),
        value({ target, output }) {
          const error = tf.sub(target, output);
          return tf.mean<tf.Scalar>(kind === 'l1' ? tf.abs(error) : tf.square(error));
        },
      });
    });
  },
});
