import { definePlugin, schedule, tf, toSchedule, z, type LossContext } from 'ncn';

const options = z.strictObject({
  kind: z
    .enum(['log', 'least-squares'])
    .default('log')
    .describe('log: that of the post. least-squares: that of SEGAN and LSGAN'),
  weight: schedule().default(1).describe('weight in the loss of the generator'),
});

const epsilon = 1e-8;
const log = (x: tf.Tensor): tf.Tensor => tf.log(tf.add(x, epsilon));
const mean = (x: tf.Tensor): tf.Scalar => tf.mean<tf.Scalar>(x);

/** What D and G minimise, given D(real) and D(fake). */
const kinds = {
  /** The post: D: mean(−½(log D(real) + log(1 − D(fake)))); G: mean(−½·log D(fake)). */
  log: {
    discriminator: (real: tf.Tensor, fake: tf.Tensor) =>
      mean(tf.mul(tf.add(log(real), log(tf.sub(1, fake))), -0.5)),
    generator: (fake: tf.Tensor) => mean(tf.mul(log(fake), -0.5)),
  },
  /** Pascual et al., SEGAN (2017), equations 4 and 5; Mao et al., LSGAN (2017), equation 2. */
  'least-squares': {
    discriminator: (real: tf.Tensor, fake: tf.Tensor) =>
      mean(tf.mul(tf.add(tf.square(tf.sub(real, 1)), tf.square(fake)), 0.5)),
    generator: (fake: tf.Tensor) => mean(tf.mul(tf.square(tf.sub(fake, 1)), 0.5)),
  },
};

/** A discriminator that sees more than the image finds it in the batch. */
const judge = (context: LossContext, image: tf.Tensor): tf.Tensor =>
  context.run('discriminator', { ...context.signals, image });

/** Share of real and fake images that D tells apart with a threshold of one half. */
function accuracy(real: tf.Tensor, fake: tf.Tensor): tf.Scalar {
  const right = tf.add(
    tf.mean(tf.cast(tf.greater(real, 0.5), 'float32')),
    tf.mean(tf.cast(tf.lessEqual(fake, 0.5), 'float32')),
  );
  return tf.mul<tf.Scalar>(right, 0.5);
}

export default definePlugin({
  name: 'loss.adversarial',
  version: '1.0.0',
  summary: 'adversarial loss of the generator, and the loss of the discriminator',
  options,
  setup({ hooks, options: { kind, weight } }) {
    const losses = kinds[kind];
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'adversarial',
        network: main,
        weight: toSchedule(weight),
        value: (context) => losses.generator(judge(context, context.output)),
      });
      add({
        name: 'discrimination',
        network: 'discriminator',
        weight: toSchedule(1),
        value(context) {
          const real = judge(context, context.signal('target'));
          const fake = judge(context, context.output);
          context.metric('accuracy', accuracy(real, fake));
          context.metric('real', mean(real));
          context.metric('fake', mean(fake));
          return losses.discriminator(real, fake);
        },
      });
    });
  },
});
