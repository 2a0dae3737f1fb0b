import { definePlugin, tf, z } from 'ncn';

/**
 * A PatchGAN (Isola et al., 2017): it judges every patch by itself, so its output is a map, and the
 * adversarial loss is the mean over it. With depth 2, a patch is 22 × 22 pixels.
 */
export default definePlugin({
  name: 'discriminator.patch',
  version: '1.0.0',
  summary: 'a conditional discriminator that judges patches',
  options: z.strictObject({
    width: z.int().positive().default(64).describe('filters of the first layer'),
    depth: z.int().positive().default(2).describe('layers that halve the image'),
  }),
  replaces: ['discriminator.vanilla', 'discriminator.conditional'],
  setup({ hooks, options: { width, depth } }) {
    hooks.networks.tap(({ add }) => {
      add({
        name: 'discriminator',
        inputs: { image: 'target', input: 'input', reference: 'reference' },
        forward(layers, { image, input, reference }) {
          let h = tf.concat([image, input, reference], 3);
          for (let i = 1; i <= depth; i++) {
            const filters = width * 2 ** (i - 1);
            h = layers.conv2d(`conv${i}`, h, { filters, kernel: 4, stride: 2 });
            // As in the paper, the first layer has no batch normalisation.
            h = tf.leakyRelu(i === 1 ? h : layers.batchNorm(`bn${i}`, h), 0.2);
          }
          const logits = layers.conv2d('patches', h, { filters: 1, kernel: 4 });
          return tf.sigmoid(logits);
        },
      });
    });
  },
});
