import {
  definePlugin,
  schedule,
  tf,
  toSchedule,
  z,
  type LossContext,
  type LossTerm,
  type ScheduleOption,
} from 'ncn';
import { kindNames, kinds, type Kind } from './adversarial-kinds.js';

const mean = (x: tf.Tensor): tf.Scalar => tf.mean<tf.Scalar>(x);

const options = z.strictObject({
  kind: z
    .enum(kindNames)
    .default('log')
    .describe('log: that of the post. least-squares: that of SEGAN and LSGAN'),
  weight: schedule().default(1).describe('weight in the loss of the generator'),
  penalty: schedule().default(10).describe('wasserstein: weight of the gradient penalty, λ'),
});

/** A discriminator that sees more than the image finds it in the batch. */
const judge = (context: LossContext, image: tf.Tensor): tf.Tensor =>
  context.run('discriminator', { ...context.signals, image });

/** Share of real and fake images that D tells apart with a threshold. */
function accuracy(real: tf.Tensor, fake: tf.Tensor, threshold: Kind['threshold']): tf.Scalar {
  const at = threshold === 'between' ? tf.mul(tf.add(mean(real), mean(fake)), 0.5) : threshold;
  const right = tf.add(
    tf.mean(tf.cast(tf.greater(real, at), 'float32')),
    tf.mean(tf.cast(tf.lessEqual(fake, at), 'float32')),
  );
  return tf.mul<tf.Scalar>(right, 0.5);
}

/** Mean (|∇D| − 1)², at points between real and fake: Gulrajani et al. (2017), algorithm 1. */
const penaltyTerm = (weight: ScheduleOption): LossTerm => ({
  name: 'penalty',
  network: 'discriminator',
  weight: toSchedule(weight),
  draws: { mix: { per: 'example', low: 0, high: 1 } },
  value(context) {
    const { output, signal, draw } = context;
    const between = tf.add(output, tf.mul(draw('mix'), tf.sub(signal('target'), output)));
    const slope = tf.grad((image) => tf.sum(judge(context, image)))(between);
    const squares = tf.sum(tf.square(slope), [...slope.shape.keys()].slice(1));
    const norm = tf.sqrt(tf.add(squares, 1e-12));
    context.metric('slope', mean(norm));
    return mean(tf.square(tf.sub(norm, 1)));
  },
});

const discriminators = ['conditional', 'vanilla', 'patch', 'spectral'];

/** Those with batch normalisation, whatever their options. */
const normalised = ['conditional', 'vanilla'];

export default definePlugin({
  name: 'loss.adversarial',
  version: '1.1.0',
  summary: 'adversarial loss of the generator, and the loss of the discriminator',
  options,
  setup({ hooks, options: { kind, weight, penalty } }) {
    const losses = kinds[kind];
    hooks.configuration.tap(({ value, origin, reject, note }) => {
      for (const path of discriminators.map((name) => `discriminator.${name}.output`)) {
        const wanted = losses.sigmoid === true ? 'sigmoid' : 'linear';
        const output = value(path);
        if (losses.sigmoid === undefined || output === undefined || output === wanted) continue;
        const why = `the adversarial loss '${kind}' needs judgements that are ${wanted}`;
        reject(path, `${why}: set ${path}=${wanted}`);
      }
      const path = 'loss.adversarial.penalty';
      if (kind !== 'wasserstein') {
        const isSet = !['default', undefined].includes(origin(path));
        if (isSet) note(`${path} has no effect: the adversarial loss '${kind}' has no penalty`);
      } else if (penalty !== 0) {
        // Gulrajani et al. (2017), section 4: D's gradients are to be those of each input by itself.
        const name = normalised.find((each) => value(`discriminator.${each}.output`) !== undefined);
        if (name !== undefined || value('discriminator.patch.norm') === 'batch') {
          note(
            `the gradient penalty does not go with the batch normalisation of discriminator.${name ?? 'patch'}: take discriminator.spectral, or discriminator.patch with norm=instance`,
          );
        }
      }
    });
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'adversarial',
        network: main,
        weight: toSchedule(weight),
        value: (context) =>
          losses.generator(judge(context, context.output), () =>
            judge(context, context.signal('target')),
          ),
      });
      add({
        name: 'discrimination',
        network: 'discriminator',
        weight: toSchedule(1),
        value(context) {
          const real = judge(context, context.signal('target'));
          const fake = judge(context, context.output);
          context.metric('accuracy', accuracy(real, fake, losses.threshold));
          context.metric('real', mean(real));
          context.metric('fake', mean(fake));
          return losses.discriminator(real, fake);
        },
      });
      if (kind === 'wasserstein') add(penaltyTerm(penalty));
    });
  },
});
