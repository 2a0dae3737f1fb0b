import { definePlugin, tf, z } from 'ncn';

/** A U-Net (Ronneberger et al., 2015): down twice, up twice, with a skip at each size. */
export default definePlugin({
  name: 'generator.unet',
  version: '1.0.0',
  summary: 'a U-Net as generator',
  options: z.strictObject({
    width: z.int().positive().default(32).describe('filters at full size; doubled at each halving'),
  }),
  replaces: ['generator.resconvnet'],
  setup({ hooks, options: { width } }) {
    hooks.networks.tap(({ add }) => {
      add({
        name: 'generator',
        inputs: { input: 1, reference: 1 },
        forward(layers, images) {
          const x = tf.concat(Object.values(images), 3);
          if (x.shape[1] % 4 !== 0 || x.shape[2] % 4 !== 0) {
            throw new Error('the sides of the images must be multiples of 4');
          }
          const block = (name: string, h: tf.Tensor4D, filters: number, stride = 1) => {
            const y = layers.conv2d(name, h, { filters, kernel: 3, stride });
            return tf.elu(layers.batchNorm(`${name}/bn`, y));
          };
          const up = (name: string, h: tf.Tensor4D, skip: tf.Tensor4D, filters: number) => {
            const y = layers.conv2dTranspose(name, h, { filters, kernel: 2 });
            return block(`${name}/merge`, tf.concat([y, skip], 3), filters);
          };
          const full = block('full', x, width);
          const half = block('half', full, 2 * width, 2);
          const quarter = block('quarter', half, 4 * width, 2);
          const middle = up('up1', quarter, half, 2 * width);
          const top = up('up2', middle, full, width);
          return tf.sigmoid(layers.conv2d('output', top, { filters: 1, kernel: 1 }));
        },
      });
    });
  },
});
