import { definePlugin, schedule, tf, toSchedule, z, type LossContext } from 'ncn';
import { powers, understood } from './understood.js';

const options = z.strictObject({
  weight: schedule().default(1).describe('weight of the predicted metric in the loss of G'),
  width: z.int().positive().default(16).describe('filters of the first layer; doubled at each'),
  depth: z.int().positive().default(4).describe('layers, each at half the size of the one before'),
});

const judge = ({ run, signal }: LossContext, image: tf.Tensor): tf.Tensor =>
  run('discriminator', { image, clean: signal('target') });

const squared = (a: tf.Tensor, b: tf.Tensor | number): tf.Scalar =>
  tf.mean<tf.Scalar>(tf.square(tf.sub(a, b)));

/**
 * MetricGAN: Fu et al. (2019). D learns what a metric says of an output beside its target, and G to have it say 1. Here the metric
 * is intelligibility; it is computed in the step, and nothing of it but its value reaches G.
 */
export default definePlugin({
  name: 'metricgan',
  version: '1.0.0',
  summary: 'D predicts the intelligibility of the output; G raises what D predicts',
  options,
  replaces: [
    'speech.discriminator',
    'loss.adversarial',
    'updates.paired',
    'updates.unpaired',
    'updates.generator',
  ],
  setup({ hooks, options: { weight, width, depth } }) {
    hooks.networks.tap(({ add }) => {
      add({
        name: 'discriminator',
        inputs: { image: 'target', clean: 'target' },
        forward(layers, { image, clean }) {
          const shown = [image, clean].map((x) => tf.pow(tf.add(powers(x), 1e-10), 0.15));
          let h: tf.Tensor = tf.stack(shown, 3);
          for (let i = 0; i < depth; i++) {
            const conv = { filters: width * 2 ** i, kernel: 5, stride: 2 };
            h = tf.leakyRelu(layers.conv2d(`conv${i + 1}`, h, conv), 0.2);
          }
          return layers.dense('score', tf.mean(h, [1, 2]), 1);
        },
      });
    });
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'metric',
        network: main,
        weight: toSchedule(weight),
        value: (context) => squared(judge(context, context.output), 1),
      });
      add({
        name: 'prediction',
        network: 'discriminator',
        weight: toSchedule(1),
        value(context) {
          const { output, signal } = context;
          const target = signal('target');
          const [batch = 1] = target.shape;
          const said = understood(output, target);
          context.metric('understood', tf.mean<tf.Scalar>(said));
          const predicted = tf.reshape(judge(context, output), [batch]);
          return tf.add<tf.Scalar>(squared(predicted, said), squared(judge(context, target), 1));
        },
      });
    });
    hooks.phases.tap(({ add, updates, main }) => {
      const order = [
        { network: 'discriminator', batch: 0 },
        { network: main, batch: 0 },
      ];
      add({ name: 'main', updates, order });
    });
  },
});
