import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Constants of TensorFlow 1's batch-normalisation layer. */
export const bnEpsilon = 1e-3;
export const bnMomentum = 0.99;

export interface BatchMoments {
  readonly mean: Tensor;
  /** Biased: divided by the number of values. */
  readonly variance: Tensor;
}

export interface BatchNormSettings {
  /** What the statistics are taken over, in ascending order. Default: all axes but the last. */
  readonly axes?: readonly number[];
  /** Added to the variance. Default 1e-3. */
  readonly epsilon?: number;
}

/**
 * Batch normalisation with the statistics of the batch: Ioffe and Szegedy (2015), algorithm 1. The
 * gradient is the analytic one of their section 3, in as few passes over x as it takes.
 * @param x [batch, …, channels]
 * @param scale gamma, of the shape of the statistics: [channels]; where not the first axes are
 * normalised but others, that of x with 1 in their place
 * @param offset beta, of the same shape
 * @param moments is told the statistics, for the moving averages
 */
export function batchNormTrain<T extends Tensor>(
  x: T,
  scale: Tensor,
  offset: Tensor,
  moments: (moments: BatchMoments) => void,
  { axes: given, epsilon = bnEpsilon }: BatchNormSettings = {},
): T {
  const axes = [...(given ?? x.shape.slice(1).keys())];
  // Statistics of the first axes broadcast as they are.
  const keep = axes.some((axis, i) => axis !== i);
  const count = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  const op = tf.customGrad<T>((...args) => {
    const [images, gamma, beta, save] = args as [Tensor, Tensor, Tensor, tf.GradSaveFunc];
    const mean = tf.mean(images, axes, keep);
    const centred = tf.sub(images, mean);
    const variance = tf.mean(tf.square(centred), axes, keep);
    moments({ mean, variance });
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const slope = tf.mul(gamma, inverse);
    const value = tf.add<T>(tf.mul(centred, slope), beta);
    save([images, mean, inverse, slope, gamma]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [xs, mu, inv, a] = tracked(saved as Saved, { axes, keep, epsilon });
      const dBeta = tf.sum(dy, axes, keep);
      const dGamma = tf.mul(inv, tf.sub(tf.sum(tf.mul(dy, xs), axes, keep), tf.mul(mu, dBeta)));
      // dx = a·(dy − mean(dy) − (x − μ)·inv·dGamma/count), as one affine map of dy and x.
      const k1 = tf.mul(tf.mul(a, inv), tf.mul(dGamma, -1 / count));
      const k0 = tf.sub(tf.mul(tf.mul(a, dBeta), -1 / count), tf.mul(mu, k1));
      const dx = tf.add(tf.mul(dy, a), tf.add(tf.mul(xs, k1), k0));
      return [dx, dGamma, dBeta];
    };
    return { value, gradFunc };
  });
  return op(x, scale, offset);
}

/** x, its mean, 1/√(variance + ε), the slope, gamma. */
type Saved = [Tensor, Tensor, Tensor, Tensor, Tensor];

interface Statistics {
  readonly axes: number[];
  /** Whether the statistics keep the normalised axes, of size 1. */
  readonly keep: boolean;
  readonly epsilon: number;
}

/**
 * What the backward pass uses. Where it will itself be differentiated, the statistics are computed
 * again from x, so that they are not taken for constants.
 */
function tracked(saved: Saved, { axes, keep, epsilon }: Statistics): Saved {
  if (tf.engine().state.gradientDepth === 0) return saved;
  const [xs, , , , gamma] = saved;
  const mu = tf.mean(xs, axes, keep);
  const variance = tf.mean(tf.square(tf.sub(xs, mu)), axes, keep);
  const inv = tf.rsqrt(tf.add(variance, epsilon));
  return [xs, mu, inv, tf.mul(gamma, inv), gamma];
}

/**
 * Batch normalisation with given statistics (the moving averages), as used at evaluation.
 * Shapes as in `batchNormTrain`.
 */
export function batchNormInference<T extends Tensor>(
  x: T,
  scale: Tensor,
  offset: Tensor,
  { mean, variance }: BatchMoments,
  epsilon = bnEpsilon,
): T {
  const slope = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add<T>(tf.mul(x, slope), tf.sub(offset, tf.mul(mean, slope)));
}
