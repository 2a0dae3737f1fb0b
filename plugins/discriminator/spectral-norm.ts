import { stopGradient, tf, type Initializer, type Layers } from 'ncn';

const normal: Initializer = (out, _shape, random) => {
  for (let i = 0; i < out.length; i++) out[i] = random.normal();
};

const unit = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x)), 1e-12)));

/**
 * For `kernelTransform`: divides a kernel by its largest singular value, estimated by one step of
 * the power iteration per update, whose vector is a buffer of the layer: Miyato et al. (2018),
 * algorithm 1.
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
