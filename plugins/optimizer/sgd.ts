import { definePlugin, nonnegativeSchedule, tf, toSchedule, z, type Optimizer } from 'ncn';
import {
  checkOf,
  decay,
  decayed,
  lessDecay,
  others,
  rates,
  scalar,
  slot,
  weightDecay,
} from './common.js';

const settings = z.strictObject({
  learningRate: nonnegativeSchedule().default(1e-2).describe('step size, α'),
  momentum: decay().default(0.9).describe('share of the last step that goes on; 0: none'),
  nesterov: z.boolean().default(false).describe('the gradient is looked at ahead of the momentum'),
  weightDecay: weightDecay(0),
  decayed: decayed(),
});

/**
 * Stochastic gradient descent with the momentum of Sutskever et al. (2013) as PyTorch writes it:
 * v ← μ·v + g; θ ← θ − α·v, or with Nesterov's momentum θ ← θ − α·(g + μ·v). The decay of weights
 * is decoupled: θ ← θ − α·λ·θ before the step, for the weights that are decayed.
 */
export function sgd(o: z.output<typeof settings>): Optimizer {
  const rate = toSchedule(o.learningRate);
  return {
    name: 'sgd',
    slots: o.momentum === 0 ? [] : ['v'],
    learningRate: rate,
    scalars: (_step, update) => ({
      rate: rate(update),
      ...(o.weightDecay === 0 ? {} : { decay: rate(update) * o.weightDecay }),
    }),
    apply(step) {
      const from = o.weightDecay === 0 ? step.value : lessDecay(step, o.decayed);
      const { gradient } = step;
      const go = (direction: tf.Tensor) => tf.sub(from, tf.mul(direction, scalar(step, 'rate')));
      if (o.momentum === 0) return { value: go(gradient), slots: new Map() };
      const v = tf.add(tf.mul(slot(step, 'v'), o.momentum), gradient);
      const ahead = o.nesterov ? tf.add(gradient, tf.mul(v, o.momentum)) : v;
      return { value: go(ahead), slots: new Map([['v', v]]) };
    },
  };
}

export default definePlugin({
  name: 'optimizer.sgd',
  version: '1.0.0',
  summary: 'stochastic gradient descent with momentum, also Nesterov’s, one for each network',
  options: settings.extend({ networks: rates() }),
  replaces: others('optimizer.sgd'),
  setup({ hooks, options: { networks: different, ...common } }) {
    const check = checkOf({ hooks }, 'optimizer.sgd', different);
    hooks.optimizers.tap(({ networks, set }) => {
      check(networks);
      for (const network of networks) set(network, sgd({ ...common, ...different[network] }));
    });
  },
});
