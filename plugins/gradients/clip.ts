import { definePlugin, positiveFloat, tf, z } from 'ncn';

/**
 * Scales the gradients of a network down to a norm (Pascanu et al., 2013, algorithm 1): those of each
 * update, so that under `gradients.accumulate` those of each batch are limited, not their mean.
 */
export default definePlugin({
  name: 'gradients.clip',
  version: '1.0.0',
  summary: 'limits the norm of the gradients of each network, update by update',
  options: z.strictObject({
    norm: positiveFloat().default(1).describe('largest norm allowed'),
  }),
  setup({ hooks, options }) {
    hooks.transforms.tap(({ gradients }) => {
      gradients({
        name: 'gradients.clip',
        apply(_network, all) {
          const squares = [...all.values()].map((g) => tf.sum(tf.square(g)));
          const norm = tf.sqrt(tf.addN(squares));
          const factor = tf.div(options.norm, tf.maximum(norm, options.norm));
          return new Map([...all].map(([name, g]) => [name, tf.mul(g, factor)]));
        },
      });
    });
  },
});
