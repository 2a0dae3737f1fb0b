import { definePlugin, tf, z } from 'ncn';
import { others } from './others.js';
import { selfAttention } from './attention.js';
import { channelsOf, seen, seenInputs } from './seen.js';

/** A U-Net (Ronneberger et al., 2015): down twice, up twice, with a skip at each size. */
export default definePlugin({
  name: 'generator.unet',
  version: '1.0.0',
  summary: 'a U-Net as generator, for images of any number of channels',
  options: z.strictObject({
    width: z.int().positive().default(32).describe('filters at full size; doubled at each halving'),
    attention: z.boolean().default(false).describe('self-attention at a quarter of the size'),
  }),
  replaces: others('generator.unet'),
  setup({ hooks, options: { width, attention } }) {
    hooks.networks.tap(({ add, roles }) => {
      add({
        name: 'generator',
        main: true,
        inputs: seenInputs(roles),
        forward(layers, inputs) {
          const { input, all } = seen(inputs);
          const [, height = 0, columns = 0] = input.shape;
          if (height % 4 !== 0 || columns % 4 !== 0) {
            throw new Error('the sides of the images must be multiples of 4');
          }
          const block = (name: string, h: tf.Tensor, filters: number, stride = 1) => {
            const y = layers.conv2d(name, h, { filters, kernel: 3, stride });
            return tf.elu(layers.batchNorm(`${name}/bn`, y));
          };
          const up = (name: string, h: tf.Tensor, skip: tf.Tensor, filters: number) => {
            const y = layers.conv2dTranspose(name, h, { filters, kernel: 2 });
            return block(`${name}/merge`, tf.concat([y, skip], 3), filters);
          };
          const full = block('full', all, width);
          const half = block('half', full, 2 * width, 2);
          let quarter: tf.Tensor = block('quarter', half, 4 * width, 2);
          if (attention) quarter = selfAttention(layers, 'attention', quarter);
          const middle = up('up1', quarter, half, 2 * width);
          const top = up('up2', middle, full, width);
          return tf.sigmoid(
            layers.conv2d('output', top, { filters: channelsOf(roles), kernel: 1 }),
          );
        },
      });
    });
  },
});
