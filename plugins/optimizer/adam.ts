import {
  definePlugin,
  positiveFloat,
  nonnegativeSchedule,
  tf,
  toSchedule,
  z,
  type Optimizer,
} from 'ncn';
import { checkOf, decay as beta, others } from './common.js';

const settings = z.strictObject({
  learningRate: nonnegativeSchedule().default(1e-4).describe('step size, α'),
  beta1: beta().default(0.9).describe('decay of the mean of the gradients'),
  beta2: beta().default(0.999).describe('decay of the mean of their squares'),
  epsilon: positiveFloat().default(1e-8).describe('added to the root of that mean'),
});

/** The same without defaults, so that what is left out stays as for the other networks. */
const special = z.strictObject({
  learningRate: nonnegativeSchedule().exactOptional(),
  beta1: beta().exactOptional(),
  beta2: beta().exactOptional(),
  epsilon: positiveFloat().exactOptional(),
});

const options = settings.extend({
  networks: z
    .record(z.string(), special)
    .default({})
    .describe('settings of one network that differ: {"discriminator": {"learningRate": 2e-4}}'),
});

/**
 * Adam, Kingma and Ba (2015), in the form at the end of their section 2, as TensorFlow 1 has it:
 * α_t = α·√(1 − β2^t)/(1 − β1^t); θ ← θ − α_t·m/(√v + ε). The powers are computed afresh in
 * double precision at each step, so that nothing drifts and nothing needs to be saved.
 */
export function adam({
  learningRate,
  beta1,
  beta2,
  epsilon,
}: z.output<typeof settings>): Optimizer {
  const rate = toSchedule(learningRate);
  return {
    name: 'adam',
    slots: ['m', 'v'],
    learningRate: rate,
    scalars: (step, update) => ({
      rate: (rate(update) * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step),
    }),
    apply({ value, gradient, slots, scalars }) {
      const slot = (name: string) => slots.get(name) ?? tf.zerosLike(value);
      const m = tf.add(tf.mul(slot('m'), beta1), tf.mul(gradient, 1 - beta1));
      const v = tf.add(tf.mul(slot('v'), beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const change = tf.div(tf.mul(m, scalars.get('rate') ?? 0), tf.add(tf.sqrt(v), epsilon));
      return {
        value: tf.sub(value, change),
        slots: new Map([
          ['m', m],
          ['v', v],
        ]),
      };
    },
  };
}

export default definePlugin({
  name: 'optimizer.adam',
  version: '1.0.0',
  summary: 'Adam, one for each network and phase',
  options,
  replaces: others('optimizer.adam'),
  setup({ hooks, options: { networks: different, ...common } }) {
    const check = checkOf({ hooks }, 'optimizer.adam', different);
    hooks.optimizers.tap(({ networks, set }) => {
      check(networks);
      for (const network of networks) set(network, adam({ ...common, ...different[network] }));
    });
  },
});
