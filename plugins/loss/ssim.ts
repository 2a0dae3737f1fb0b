import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

/** Of the window, pixels. */
const side = 11;

/** The window of Wang et al. (2004): a Gaussian of 11 × 11 pixels with σ = 1.5, whose sum is 1. */
function gaussian(): tf.Tensor4D {
  const line = tf.exp(tf.mul(tf.square(tf.range(-5, 6)), -1 / (2 * 1.5 ** 2)));
  const window = tf.outerProduct(line as tf.Tensor1D, line as tf.Tensor1D);
  return tf.reshape(tf.div(window, tf.sum(window)), [side, side, 1, 1]);
}

/** Each channel as an image of its own: [batch, height, width, channels] → [batch·channels, …, 1]. */
function planes(x: tf.Tensor): tf.Tensor4D {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [batch * channels, height, width, 1]);
}

/**
 * 1 − SSIM as a loss: structural similarity of Wang et al. (2004), equation 13, with K1 = 0.01,
 * K2 = 0.03 and L = 1, in windows that lie within the images; the mean over the channels.
 * @param output [batch, height, width, channels]; target the same
 */
export function ssimLoss(output: tf.Tensor, target: tf.Tensor): tf.Scalar {
  const [, height = 0, width = 0] = output.shape;
  if (output.rank !== 4 || height < side || width < side) {
    throw new Error(
      `images of at least ${side} × ${side} pixels are needed, [batch, height, width, channels]; the shape is [${output.shape.join(', ')}]`,
    );
  }
  const [x, y] = [planes(output), planes(target)];
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
  summary: 'structural dissimilarity of output and target, as a loss of the main network',
  options: z.strictObject({ weight: schedule().default(0.5).describe('weight in the loss') }),
  setup({ hooks, options }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'ssim',
        network: main,
        weight: toSchedule(options.weight),
        value: ({ output, signal }) => ssimLoss(output, signal('target')),
      });
    });
  },
});
