import { definePlugin, tf, z } from 'ncn';

export default definePlugin({
  name: 'example.augmentation',
  version: '1.0.0',
  summary: 'mixes two images half and half, with noise for each of their elements',
  options: z.strictObject({}),
  replaces: ['augmentation'],
  setup({ hooks }) {
    hooks.augmentation.tap(({ set }) => {
      set({
        name: 'halves',
        // The same signal of the data set twice: an image, and another one beside it.
        takes: {
          target: { signal: 'image', sequence: 'target' },
          reference: { signal: 'image', sequence: 'reference' },
        },
        draws: { noise: { per: 'element', low: 0, high: 0.1 } },
        makes: ['input', 'reference', 'target'],
        apply({ target, reference }, { noise }) {
          const mixed = tf.mul(tf.add(target, reference), 0.5);
          return { input: tf.add(mixed, noise), reference, target };
        },
      });
    });
  },
});
