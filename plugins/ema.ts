import { definePlugin, tf, z } from 'ncn';

/** A moving average of the main network's weights (Polyak and Juditsky, 1992), used for evaluation. */
export default definePlugin({
  name: 'ema',
  version: '1.1.0',
  summary: 'moving average of the weights of the main network, saved as ema/NETWORK/…',
  options: z.strictObject({
    decay: z.number().min(0).lt(1).default(0.999).describe('share of the old average that is kept'),
    warmUp: z
      .boolean()
      .default(true)
      .describe('early in a run less is kept: at most (1 + t) / (10 + t) at update t')
      .meta({ earlier: false }),
    evaluated: z
      .boolean()
      .default(true)
      .describe('evaluations, denoise and export use the average'),
  }),
  setup({ hooks, options: { decay, warmUp, evaluated } }) {
    // Otherwise a short run ends with a good part of the weights that the network was drawn with.
    const keptAt = (update: number): number =>
      warmUp ? Math.min(decay, (1 + update) / (10 + update)) : decay;
    hooks.transforms.tap(({ state, main }) => {
      state({
        name: 'ema',
        network: main,
        evaluated,
        scalars: (update) => ({ kept: keptAt(update), added: 1 - keptAt(update) }),
        apply: (average, network, scalars) =>
          new Map(
            [...average].map(([name, old]) => {
              const now = network.get(name) ?? old;
              const part = (tensor: tf.Tensor, scalar: string): tf.Tensor =>
                tf.mul(tensor, scalars.get(scalar) ?? NaN);
              return [name, tf.add(part(old, 'kept'), part(now, 'added'))];
            }),
          ),
      });
    });
  },
});
