import { definePlugin, tf, z, type Optimizer } from 'ncn';

export default definePlugin({
  name: 'example.optimizers',
  version: '1.0.0',
  summary: 'gives networks plain gradient descent with momentum',
  options: z.strictObject({ rate: z.number().positive().default(0.01).describe('learning rate') }),
  replaces: ['optimizer.adam'],
  setup({ hooks, options: { rate } }) {
    hooks.optimizers.tap(({ networks, set }) => {
      const momentum: Optimizer = {
        name: 'momentum',
        slots: ['velocity'],
        scalars: () => ({ rate }),
        apply({ value, gradient, slots, scalars }) {
          const old = slots.get('velocity') ?? tf.zerosLike(value);
          const velocity = tf.add(tf.mul(old, 0.9), gradient);
          const change = tf.mul(velocity, scalars.get('rate') ?? 0);
          return { value: tf.sub(value, change), slots: new Map([['velocity', velocity]]) };
        },
      };
      for (const network of networks) set(network, momentum);
    });
  },
});
