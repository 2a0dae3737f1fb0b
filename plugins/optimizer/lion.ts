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
  learningRate: nonnegativeSchedule()
    .default(1e-4)
    .describe('step size, α: three to ten times below Adam’s'),
  beta1: decay().default(0.9).describe('share of the momentum in the direction'),
  beta2: decay().default(0.99).describe('decay of the momentum'),
  weightDecay: weightDecay(0),
  decayed: decayed(),
});

/**
 * Lion, Chen et al., "Symbolic discovery of optimization algorithms" (2023), algorithm 2:
 * θ ← θ − α·(sign(β₁·m + (1 − β₁)·g) + λ·θ); m ← β₂·m + (1 − β₂)·g.
 */
export function lion(o: z.output<typeof settings>): Optimizer {
  const rate = toSchedule(o.learningRate);
  return {
    name: 'lion',
    slots: ['m'],
    learningRate: rate,
    scalars: (_step, update) => ({ rate: rate(update), decay: rate(update) * o.weightDecay }),
    apply(step) {
      const { gradient } = step;
      const m = slot(step, 'm');
      const mixed = (beta: number) => tf.add(tf.mul(m, beta), tf.mul(gradient, 1 - beta));
      const change = tf.mul(tf.sign(mixed(o.beta1)), scalar(step, 'rate'));
      return {
        value: tf.sub(lessDecay(step, o.decayed), change),
        slots: new Map([['m', mixed(o.beta2)]]),
      };
    },
  };
}

export default definePlugin({
  name: 'optimizer.lion',
  version: '1.0.0',
  summary: 'Lion: steps of one size by the sign of a momentum, one for each network',
  options: settings.extend({ networks: rates() }),
  replaces: others('optimizer.lion'),
  setup({ hooks, options: { networks: different, ...common } }) {
    const check = checkOf({ hooks }, 'optimizer.lion', different);
    hooks.optimizers.tap(({ networks, set }) => {
      check(networks);
      for (const network of networks) set(network, lion({ ...common, ...different[network] }));
    });
  },
});
