import { definePlugin, tf, z } from 'ncn';
import { others } from './others.js';
import { outputOption, seenInputs, together } from './seen.js';
import { spectralNorm } from './spectral-norm.js';

/** A discriminator whose layers are all spectrally normalised: SN-GAN, Miyato et al. (2018). */
export default definePlugin({
  name: 'discriminator.spectral',
  version: '1.0.0',
  summary: 'a conditional discriminator with spectral normalisation',
  options: z.strictObject({
    width: z.int().positive().default(64).describe('filters of the first layer'),
    output: outputOption(),
  }),
  replaces: others('discriminator.spectral'),
  setup({ hooks, options: { width, output } }) {
    hooks.networks.tap(({ add, roles }) => {
      add({
        name: 'discriminator',
        inputs: seenInputs(roles),
        forward(layers, inputs) {
          const conv = (name: string, x: tf.Tensor, filters: number, stride: number) =>
            layers.conv2d(name, x, {
              filters,
              kernel: 4,
              stride,
              kernelTransform: spectralNorm(layers, name),
            });
          let h = together(inputs);
          for (const [i, factor] of [1, 2, 4].entries()) {
            h = tf.leakyRelu(conv(`conv${i + 1}`, h, factor * width, 2), 0.1);
          }
          const judged = conv('output', h, 1, 1);
          return output === 'sigmoid' ? tf.sigmoid(judged) : judged;
        },
      });
    });
  },
});
