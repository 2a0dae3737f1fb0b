import {
  definePlugin,
  positiveFloat,
  nonnegativeSchedule,
  tf,
  toSchedule,
  updateNumber,
  z,
  type Optimizer,
} from 'ncn';
import { decay, decayed, lessDecay, others, scalar, slot, weightDecay } from './common.js';

const options = z.strictObject({
  learningRate: nonnegativeSchedule().default(1e-3).describe('step size, α'),
  warmUp: updateNumber().default(0).describe('updates over which the step size grows to its value'),
  beta1: decay().default(0.9).describe('decay of the mean of the gradients'),
  beta2: decay().default(0.999).describe('decay of the mean of their squares'),
  epsilon: positiveFloat().default(1e-8).describe('added to the root of that mean'),
  weightDecay: weightDecay(1e-2),
  decayed: decayed(),
});

/**
 * AdamW, Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 2:
 * θ ← θ − α·(m̂ / (√v̂ + ε) + λ·θ).
 */
export function adamw(o: z.output<typeof options>): Optimizer {
  const scheduled = toSchedule(o.learningRate);
  const rate = (update: number): number =>
    scheduled(update) * (o.warmUp === 0 ? 1 : Math.min(1, update / o.warmUp));
  return {
    name: 'adamw',
    slots: ['m', 'v'],
    learningRate: rate,
    scalars: (step, update) => ({
      rate: rate(update) / (1 - o.beta1 ** step),
      correction: 1 / Math.sqrt(1 - o.beta2 ** step),
      decay: rate(update) * o.weightDecay,
    }),
    apply(step) {
      const { gradient } = step;
      const m = tf.add(tf.mul(slot(step, 'm'), o.beta1), tf.mul(gradient, 1 - o.beta1));
      const v = tf.add(tf.mul(slot(step, 'v'), o.beta2), tf.mul(tf.square(gradient), 1 - o.beta2));
      const deviation = tf.add(tf.mul(tf.sqrt(v), scalar(step, 'correction')), o.epsilon);
      const change = tf.div(tf.mul(m, scalar(step, 'rate')), deviation);
      const next = tf.sub(lessDecay(step, o.decayed), change);
      return {
        value: next,
        slots: new Map([
          ['m', m],
          ['v', v],
        ]),
      };
    },
  };
}

export default definePlugin({
  name: 'optimizer.adamw',
  version: '1.0.0',
  summary: 'Adam with decoupled weight decay and a warm-up, one for each network and phase',
  options,
  replaces: others('optimizer.adamw'),
  setup({ hooks, options: o }) {
    hooks.optimizers.tap(({ networks, set }) => {
      for (const network of networks) set(network, adamw(o));
    });
  },
});
