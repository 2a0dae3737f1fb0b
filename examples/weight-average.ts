import { definePlugin, tf, z } from 'ncn';

/** Keeps a moving average of the generator's weights (Polyak and Juditsky, 1992) in checkpoints. */
export default definePlugin({
  name: 'average',
  version: '1.0.0',
  summary: 'moving average of the weights of the generator, saved as average/generator/…',
  options: z.strictObject({ decay: z.number().min(0).lt(1).default(0.999) }),
  setup({ hooks, options: { decay } }) {
    hooks.transforms.tap(({ state }) => {
      state({
        name: 'average',
        network: 'generator',
        apply: (average, network) =>
          new Map(
            [...average].map(([name, old]) => {
              const now = network.get(name) ?? old;
              return [name, tf.add(tf.mul(old, decay), tf.mul(now, 1 - decay))];
            }),
          ),
      });
    });
  },
});
