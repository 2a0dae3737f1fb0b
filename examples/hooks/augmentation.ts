import { definePlugin, tf, z } from 'ncn';

export default definePlugin({
  name: 'example.augmentation',
  version: '1.0.0',
  summary: 'mixes the images half and half, with noise per pixel',
  options: z.strictObject({}),
  replaces: ['augmentation'],
  setup({ hooks }) {
    hooks.augmentation.tap(({ set }) => {
      set({
        name: 'halves',
        draws: { noise: { per: 'pixel', low: 0, high: 0.1 } },
        apply({ target, reference }, draws) {
          const mixed = tf.mul(tf.add(target, reference), 0.5);
          const input = tf.add<tf.Tensor4D>(mixed, draws.get('noise') ?? 0);
          return { input, reference, target };
        },
      });
    });
  },
});
