import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

/**
 * R1, Mescheder et al., "Which training methods for GANs do actually converge?" (2018), equation 9:
 * the mean over real examples of |∇D|², with the weight γ/2.
 */
export default definePlugin({
  name: 'regularizer.r1',
  version: '1.0.0',
  summary: 'penalises the slope of the discriminator at real examples',
  options: z.strictObject({
    weight: schedule().default(10).describe('γ: the loss of the discriminator has γ/2 of it'),
  }),
  setup({ hooks, options }) {
    const gamma = toSchedule(options.weight);
    hooks.losses.tap(({ add }) => {
      add({
        name: 'r1',
        network: 'discriminator',
        weight: (update) => gamma(update) / 2,
        value({ run, signals, signal }) {
          // The discriminator finds what else it sees in the batch.
          const judge = (image: tf.Tensor) => tf.sum(run('discriminator', { ...signals, image }));
          const slope = tf.grad(judge)(signal('target'));
          const inExample = [...slope.shape.keys()].slice(1);
          return tf.mean<tf.Scalar>(tf.sum(tf.square(slope), inExample));
        },
      });
    });
  },
});
