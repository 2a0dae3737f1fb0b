import {
  definePlugin,
  positiveFloat,
  nonnegativeSchedule,
  tf,
  toSchedule,
  z,
  type Optimizer,
} from 'ncn';
import { checkOf, decay, others, rates, scalar, slot } from './common.js';

const settings = z.strictObject({
  learningRate: nonnegativeSchedule().default(1e-3).describe('step size, α'),
  decay: decay().default(0.99).describe('decay of the mean of the squares of the gradients'),
  momentum: decay().default(0).describe('share of the last step that goes on; 0: none'),
  centred: z.boolean().default(false).describe('divides by the deviation of the gradients'),
  epsilon: positiveFloat().default(1e-8).describe('added to the root of that mean'),
});

/**
 * RMSProp, Tieleman and Hinton (2012, lecture 6.5), as PyTorch writes it: v ← ρ·v + (1 − ρ)·g²;
 * θ ← θ − α·g/(√v + ε). Centred, v − ḡ² stands for v (Graves, 2013, equation 40); with momentum
 * the quotient is gathered first: b ← μ·b + g/(√v + ε); θ ← θ − α·b.
 */
export function rmsprop(o: z.output<typeof settings>): Optimizer {
  const rate = toSchedule(o.learningRate);
  return {
    name: 'rmsprop',
    slots: ['v', ...(o.centred ? ['mean'] : []), ...(o.momentum === 0 ? [] : ['b'])],
    learningRate: rate,
    scalars: (_step, update) => ({ rate: rate(update) }),
    apply(step) {
      const { gradient, value } = step;
      const follow = (name: string, x: tf.Tensor) =>
        tf.add(tf.mul(slot(step, name), o.decay), tf.mul(x, 1 - o.decay));
      const slots = new Map([['v', follow('v', tf.square(gradient))]]);
      let spread = slots.get('v') ?? gradient;
      if (o.centred) {
        const mean = follow('mean', gradient);
        slots.set('mean', mean);
        // Rounding may leave a little less than nothing.
        spread = tf.relu(tf.sub(spread, tf.square(mean)));
      }
      let change = tf.div(gradient, tf.add(tf.sqrt(spread), o.epsilon));
      if (o.momentum > 0) {
        change = tf.add(tf.mul(slot(step, 'b'), o.momentum), change);
        slots.set('b', change);
      }
      return { value: tf.sub(value, tf.mul(change, scalar(step, 'rate'))), slots };
    },
  };
}

export default definePlugin({
  name: 'optimizer.rmsprop',
  version: '1.0.0',
  summary: 'RMSProp, also centred or with momentum, one for each network',
  options: settings.extend({ networks: rates() }),
  replaces: others('optimizer.rmsprop'),
  setup({ hooks, options: { networks: different, ...common } }) {
    const check = checkOf({ hooks }, 'optimizer.rmsprop', different);
    hooks.optimizers.tap(({ networks, set }) => {
      check(networks);
      for (const network of networks) set(network, rmsprop({ ...common, ...different[network] }));
    });
  },
});
