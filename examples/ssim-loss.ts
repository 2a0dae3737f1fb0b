import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

/** The window of Wang et al. (2004): a Gaussian of 11 × 11 pixels with σ = 1.5, whose sum is 1. */
function gaussian(): tf.Tensor4D {
  const line = tf.exp(tf.mul(tf.square(tf.range(-5, 6)), -1 / (2 * 1.5 ** 2)));
  const window = tf.outerProduct(line as tf.Tensor1D, line as tf.Tensor1D);
  return tf.reshape(tf.div(window, tf.sum(window)), [11, 11, 1, 1]);
}

/**
 * 1 − SSIM as a loss: structural similarity of Wang et al. (2004), equation 13, with K1 = 0.01,
 * K2 = 0.03 and L = 1, in windows that lie within the images.
 * @param x [batch, height, width, 1]; y the same
 */
export function ssimLoss(x: tf.Tensor4D, y: tf.Tensor4D): tf.Scalar {
  const window = gaussian();
  const blur = (image: tf.Tensor4D): tf.Tensor4D => tf.conv2d(image, window, 1, 'valid');
  const [mx, my] = [blur(x), blur(y)];
  const [mxx, myy, mxy] = [tf.square(mx), tf.square(my), tf.mul(mx, my)];
  const vx = tf.sub(blur(tf.square(x)), mxx);
  const vy = tf.sub(blur(tf.square(y)), myy);
  const cxy = tf.sub(blur(tf.mul(x, y)), mxy);
  const [c1, c2] = [0.01 ** 2, 0.03 ** 2];
  const above = tf.mul(tf.add(tf.mul(mxy, 2), c1), tf.add(tf.mul(cxy, 2), c2));
  const below = tf.mul(tf.add(tf.add(mxx, myy), c1), tf.add(tf.add(vx, vy), c2));
  return tf.sub<tf.Scalar>(1, tf.mean(tf.div(above, below)));
}

export default definePlugin({
  name: 'loss.ssim',
  version: '1.0.0',
  summary: 'structural dissimilarity of output and target, as a loss of the generator',
  options: z.strictObject({ weight: schedule().default(0.5).describe('weight in the loss') }),
  setup({ hooks, options }) {
    hooks.losses.tap(({ add }) => {
      add({
        name: 'ssim',
        network: 'generator',
        weight: toSchedule(options.weight),
        value: ({ output, target }) => ssimLoss(output, target),
      });
    });
  },
});
