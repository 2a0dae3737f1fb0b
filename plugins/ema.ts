import { definePlugin, tf, z } from 'ncn';

/** A moving average of the main network's weights (Polyak and Juditsky, 1992), used for evaluation. */
export default definePlugin({
  name: 'ema',
  version: '1.0.0',
  summary: 'moving average of the weights of the main network, saved as ema/NETWORK/…',
  options: z.strictObject({
    decay: z.number().min(0).lt(1).default(0.999).describe('share of the old average that is kept'),
    evaluated: z
      .boolean()
      .default(true)
      .describe('evaluations, denoise and export use the average'),
  }),
  setup({ hooks, options: { decay, evaluated } }) {
    hooks.transforms.tap(({ state, main }) => {
      state({
        name: 'ema',
        network: main,
        evaluated,
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
