import { definePlugin, tf, z } from 'ncn';
import { others } from './others.js';
import { channelsOf, seen, seenInputs } from './seen.js';

/**
 * DnCNN: Zhang et al., "Beyond a Gaussian denoiser" (2017), section III: convolutions of 3 × 3 with
 * batch normalisation and ReLU, which give what is to be taken away from the input. Its output has
 * no bounds.
 */
export default definePlugin({
  name: 'generator.dncnn',
  version: '1.0.0',
  summary: 'DnCNN as generator: predicts what is to be taken away from the input',
  options: z.strictObject({
    width: z.int().positive().default(64).describe('filters of the inner convolutions'),
    depth: z.int().min(2).default(17).describe('convolutions'),
  }),
  replaces: others('generator.dncnn'),
  setup({ hooks, options: { width, depth } }) {
    hooks.networks.tap(({ add, roles }) => {
      add({
        name: 'generator',
        main: true,
        inputs: seenInputs(roles),
        forward(layers, inputs) {
          const { input, all } = seen(inputs);
          const channels = channelsOf(roles);
          if (input.shape.at(-1) !== channels) {
            throw new Error('input and target must have equally many channels');
          }
          let h: tf.Tensor = tf.relu(layers.conv2d('conv1', all, { filters: width, kernel: 3 }));
          for (let i = 2; i < depth; i++) {
            // The normalisation has a bias of its own.
            const y = layers.conv2d(`conv${i}`, h, { filters: width, kernel: 3, bias: false });
            h = tf.relu(layers.batchNorm(`bn${i}`, y));
          }
          return tf.sub(input, layers.conv2d('output', h, { filters: channels, kernel: 3 }));
        },
      });
    });
  },
});
