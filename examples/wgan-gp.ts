import { definePlugin, schedule, tf, toSchedule, z, type LossContext } from 'ncn';

const options = z.strictObject({
  weight: schedule().default(1).describe('weight of the critic in the loss of the generator'),
  penalty: schedule().default(10).describe('weight of the gradient penalty, λ'),
  criticUpdates: z.int().positive().default(5).describe('updates of the critic per update of G'),
  width: z.int().positive().default(32).describe('filters of the first layer'),
});

const mean = (x: tf.Tensor): tf.Scalar => tf.mean<tf.Scalar>(x);
const judge = ({ run, signals }: LossContext, image: tf.Tensor): tf.Tensor =>
  run('discriminator', { ...signals, image });

/** The size of each example, [batch]. */
const norms = (x: tf.Tensor): tf.Tensor =>
  tf.sqrt(tf.add(tf.sum(tf.square(x), [...x.shape.keys()].slice(1)), 1e-12));

/**
 * Wasserstein GAN with gradient penalty: Gulrajani et al. (2017), algorithm 1. The critic has no
 * batch normalisation, since the penalty is one of each image, and no sigmoid.
 */
export default definePlugin({
  name: 'wgan',
  version: '1.0.0',
  summary: 'critic, losses and update order of WGAN-GP',
  options,
  replaces: [
    'discriminator.vanilla',
    'discriminator.conditional',
    'loss.adversarial',
    'updates.paired',
    'updates.unpaired',
    'updates.generator',
  ],
  setup({ hooks, options: { weight, penalty, criticUpdates, width } }) {
    hooks.networks.tap(({ add }) => {
      add({
        name: 'discriminator',
        inputs: { image: 'target', input: 'input', reference: 'reference' },
        forward(layers, { image, input, reference }) {
          let h = tf.concat([image, input, reference], 3);
          for (const [i, factor] of [1, 2, 4].entries()) {
            const options = { filters: factor * width, kernel: 5, stride: 2 };
            h = tf.leakyRelu(layers.conv2d(`conv${i + 1}`, h, options), 0.2);
          }
          const [batch = 1, ...sides] = h.shape;
          const flat = tf.reshape(h, [batch, sides.reduce((a, b) => a * b)]);
          return layers.dense('value', flat, 1);
        },
      });
    });
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'adversarial',
        network: main,
        weight: toSchedule(weight),
        value: (context) => tf.neg(mean(judge(context, context.output))),
      });
      add({
        name: 'critic',
        network: 'discriminator',
        weight: toSchedule(1),
        value(context) {
          const distance = tf.sub<tf.Scalar>(
            mean(judge(context, context.signal('target'))),
            mean(judge(context, context.output)),
          );
          context.metric('wasserstein', distance);
          return tf.neg(distance);
        },
      });
      add({
        name: 'penalty',
        network: 'discriminator',
        weight: toSchedule(penalty),
        draws: { mix: { per: 'example', low: 0, high: 1 } },
        value(context) {
          const { output, signal, draw } = context;
          const between = tf.add(output, tf.mul(draw('mix'), tf.sub(signal('target'), output)));
          const slope = tf.grad((image) => tf.sum(judge(context, image)))(between);
          const norm = norms(slope);
          context.metric('slope', mean(norm));
          return mean(tf.square(tf.sub(norm, 1)));
        },
      });
    });
    hooks.phases.tap(({ add, updates, main }) => {
      const critic = (batch: number) => ({ network: 'discriminator', batch });
      const critics = Array.from({ length: criticUpdates }, (_, i) => critic(i));
      add({ name: 'main', updates, order: [...critics, { network: main, batch: 0 }] });
    });
  },
});
