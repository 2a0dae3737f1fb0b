import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';

/** Constants of TensorFlow 1's batch-normalisation layer. */
export const bnEpsilon = 1e-3;
export const bnMomentum = 0.99;

export interface BatchMoments {
  readonly mean: Tensor1D;
  /** Biased: divided by the number of values. */
  readonly variance: Tensor1D;
}

/**
 * Batch normalisation with the statistics of the batch: Ioffe and Szegedy (2015), algorithm 1,
 * per channel over batch, height and width. The gradient is the analytic one of their section 3,
 * in as few passes over the images as it takes.
 * @param x [batch, height, width, channels]
 * @param scale gamma, [channels]
 * @param offset beta, [channels]
 * @param moments is told the statistics, for the moving averages
 */
export function batchNormTrain(
  x: Tensor4D,
  scale: Tensor1D,
  offset: Tensor1D,
  moments: (moments: BatchMoments) => void,
): Tensor4D {
  const axes = [0, 1, 2];
  const count = x.shape[0] * x.shape[1] * x.shape[2];
  const op = tf.customGrad((...args) => {
    const [images, gamma, beta, save] = args as [Tensor4D, Tensor1D, Tensor1D, tf.GradSaveFunc];
    const mean = tf.mean<Tensor1D>(images, axes);
    const centred = tf.sub(images, mean);
    const variance = tf.mean<Tensor1D>(tf.square(centred), axes);
    moments({ mean, variance });
    const inverse = tf.rsqrt(tf.add(variance, bnEpsilon));
    const slope = tf.mul(gamma, inverse);
    const value = tf.add(tf.mul(centred, slope), beta);
    save([images, mean, inverse, slope, gamma]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [xs, mu, inv, a] = tracked(saved as Saved);
      const dBeta = tf.sum(dy, axes);
      const dGamma = tf.mul(inv, tf.sub(tf.sum(tf.mul(dy, xs), axes), tf.mul(mu, dBeta)));
      // dx = a·(dy − mean(dy) − (x − μ)·inv·dGamma/count), as one affine map of dy and x.
      const k1 = tf.mul(tf.mul(a, inv), tf.mul(dGamma, -1 / count));
      const k0 = tf.sub(tf.mul(tf.mul(a, dBeta), -1 / count), tf.mul(mu, k1));
      const dx = tf.add(tf.mul(dy, a), tf.add(tf.mul(xs, k1), k0));
      return [dx, dGamma, dBeta];
    };
    return { value, gradFunc };
  });
  return op(x, scale, offset) as Tensor4D;
}

type Saved = [Tensor4D, Tensor1D, Tensor1D, Tensor1D, Tensor1D];

/**
 * What the backward pass uses. Where it will itself be differentiated, the statistics are computed
 * again from x, so that they are not taken for constants.
 */
function tracked(saved: Saved): Saved {
  if (tf.engine().state.gradientDepth === 0) return saved;
  const [xs, , , , gamma] = saved;
  const mu = tf.mean<Tensor1D>(xs, [0, 1, 2]);
  const variance = tf.mean(tf.square(tf.sub(xs, mu)), [0, 1, 2]);
  const inv = tf.rsqrt<Tensor1D>(tf.add(variance, bnEpsilon));
  return [xs, mu, inv, tf.mul(gamma, inv), gamma];
}

/**
 * Batch normalisation with given statistics (the moving averages), as used at evaluation.
 * Shapes as in `batchNormTrain`.
 */
export function batchNormInference(
  x: Tensor4D,
  scale: Tensor1D,
  offset: Tensor1D,
  { mean, variance }: BatchMoments,
): Tensor4D {
  const slope = tf.mul(scale, tf.rsqrt(tf.add(variance, bnEpsilon)));
  return tf.add(tf.mul(x, slope), tf.sub(offset, tf.mul(mean, slope)));
}
