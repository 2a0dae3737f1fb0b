import { definePlugin, tf, z, type Layers } from 'ncn';
import { others } from './others.js';
import { outputOption, seenInputs, together } from './seen.js';
import { spectralNorm } from './spectral-norm.js';

const options = z.strictObject({
  width: z.int().positive().default(64).describe('filters of the first layer'),
  depth: z.int().positive().default(2).describe('layers that halve the image'),
  norm: z
    .enum(['batch', 'instance', 'spectral', 'none'])
    .default('batch')
    .describe('normalisation of the layers; a gradient penalty goes with all but batch'),
  output: outputOption(),
});

function normalised(layers: Layers, name: string, x: tf.Tensor, norm: string): tf.Tensor {
  if (norm === 'batch') return layers.batchNorm(name, x);
  return norm === 'instance' ? layers.instanceNorm(name, x) : x;
}

/**
 * A PatchGAN (Isola et al., 2017): it judges every patch by itself, so its output is a map, and the
 * adversarial loss is the mean over it. With depth 2, a patch is 22 × 22 pixels.
 */
export default definePlugin({
  name: 'discriminator.patch',
  version: '1.0.0',
  summary: 'a conditional discriminator that judges patches',
  options,
  replaces: others('discriminator.patch'),
  setup({ hooks, options: { width, depth, norm, output } }) {
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
              ...(norm === 'spectral' ? { kernelTransform: spectralNorm(layers, name) } : {}),
            });
          let h = together(inputs);
          for (let i = 1; i <= depth; i++) {
            h = conv(`conv${i}`, h, width * 2 ** (i - 1), 2);
            // As in the paper, the first layer has no normalisation of its values.
            h = tf.leakyRelu(i === 1 ? h : normalised(layers, `bn${i}`, h, norm), 0.2);
          }
          const logits = conv('patches', h, 1, 1);
          return output === 'sigmoid' ? tf.sigmoid(logits) : logits;
        },
      });
    });
  },
});
