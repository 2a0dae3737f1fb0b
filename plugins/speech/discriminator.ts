import { definePlugin, tf, z } from 'ncn';
import { magnitude, stft } from './spectra.js';

const options = z.strictObject({
  sees: z
    .enum(['output', 'all'])
    .default('output')
    .describe('output: vanilla. all: conditional, it sees microphone and reference too'),
  width: z.int().positive().default(16).describe('filters of the first layer; doubled at each'),
  depth: z.int().positive().default(4).describe('layers, each at half the size of the one before'),
});

/**
 * The discriminators of figures 8 and 9 on spectrograms: convolutions 5×5 with batch normalisation
 * and ELU, strides 2, then one probability for each place, a mean of logits over them.
 */
export default definePlugin({
  name: 'speech.discriminator',
  version: '1.0.0',
  summary: 'a discriminator of compressed spectrograms, vanilla or conditional',
  options,
  setup({ hooks, options: { sees, width, depth } }) {
    const others = sees === 'all' ? { input: 'input', reference: 'reference' } : {};
    hooks.networks.tap(({ add }) => {
      add<string>({
        name: 'discriminator',
        inputs: { image: 'target', ...others },
        forward(layers, inputs) {
          const names = ['image', ...Object.keys(others)];
          const shown = names.flatMap((name) => inputs[name] ?? []).map((x) => magnitude(stft(x)));
          let h: tf.Tensor = tf.stack(shown, 3);
          for (let i = 0; i < depth; i++) {
            const y = layers.conv2d(`conv${i + 1}`, h, {
              filters: width * 2 ** i,
              kernel: 5,
              stride: 2,
            });
            h = tf.elu(layers.batchNorm(`bn${i + 1}`, y));
          }
          const logits = layers.conv2d('out', h, { filters: 1, kernel: 1 });
          return tf.sigmoid(tf.mean(logits, [1, 2, 3]));
        },
      });
    });
  },
});
