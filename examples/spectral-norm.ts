import { definePlugin, stopGradient, tf, z, type Initializer, type Layers } from 'ncn';

const normal: Initializer = (out, _shape, random) => {
  for (let i = 0; i < out.length; i++) out[i] = random.normal();
};

const unit = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x)), 1e-12)));

/**
 * Divides a kernel by its largest singular value, estimated by one step of the power iteration per
 * update, whose vector is a buffer of the layer: Miyato et al. (2018), algorithm 1.
 */
export const spectralNorm =
  (layers: Layers, name: string) =>
  (kernel: tf.Tensor4D): tf.Tensor4D => {
    const columns = kernel.shape[3];
    const matrix = tf.reshape<tf.Rank.R2>(kernel, [kernel.size / columns, columns]);
    const fixed = stopGradient(matrix);
    const before = layers.buffer(`${name}/u`, [columns, 1], normal);
    const v = unit(tf.matMul(fixed, before));
    const u = unit(tf.matMul(fixed, v, true));
    layers.setBuffer(`${name}/u`, u);
    const sigma = tf.sum(tf.mul(v, tf.matMul(matrix, u)));
    return tf.div(kernel, sigma);
  };

/** A discriminator whose layers are all spectrally normalised (SN-GAN). */
export default definePlugin({
  name: 'discriminator.spectral',
  version: '1.0.0',
  summary: 'a conditional discriminator with spectral normalisation',
  options: z.strictObject({
    width: z.int().positive().default(64).describe('filters of the first layer'),
  }),
  replaces: ['discriminator.vanilla', 'discriminator.conditional'],
  setup({ hooks, options: { width } }) {
    hooks.networks.tap(({ add }) => {
      add({
        name: 'discriminator',
        inputs: { image: 'target', input: 'input', reference: 'reference' },
        forward(layers, { image, input, reference }) {
          const conv = (name: string, x: tf.Tensor, filters: number, stride: number) =>
            layers.conv2d(name, x, {
              filters,
              kernel: 4,
              stride,
              kernelTransform: spectralNorm(layers, name),
            });
          let h = tf.concat([image, input, reference], 3);
          for (const [i, factor] of [1, 2, 4].entries()) {
            h = tf.leakyRelu(conv(`conv${i + 1}`, h, factor * width, 2), 0.1);
          }
          return tf.sigmoid(conv('output', h, 1, 1));
        },
      });
    });
  },
});
