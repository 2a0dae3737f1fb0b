import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { badContribution } from '../errors/plugin.js';

/** The types of tf.js by the number of axes. */
export interface TensorOfRank {
  0: Scalar;
  1: Tensor1D;
  2: Tensor2D;
  3: Tensor3D;
  4: Tensor4D;
}

/** Whether the tensor has so many axes. */
export function hasRank<N extends keyof TensorOfRank>(
  tensor: Tensor,
  rank: N,
): tensor is TensorOfRank[N] {
  return tensor.shape.length === rank;
}

/** Whether the tensor has as many axes as another, and so its type. */
export function hasRankOf<T extends Tensor>(tensor: Tensor, other: T): tensor is T {
  return tensor.shape.length === other.shape.length;
}

/**
 * The tensor as one of so many axes.
 * @param what it is called in the error
 * @param axes what was expected, as in `[batch, height, width, channels]`
 * @throws NcnError for another rank
 */
export function asRank<N extends keyof TensorOfRank>(
  tensor: Tensor,
  rank: N,
  what: string,
  axes: string,
): TensorOfRank[N] {
  if (hasRank(tensor, rank)) return tensor;
  throw badContribution(
    `'${what}' has the shape [${tensor.shape.join(', ')}]; ${axes} was expected.`,
  );
}

/** The tensor as images [batch, height, width, channels]. @throws NcnError for another rank */
export function asImages(tensor: Tensor, what: string): Tensor4D {
  return asRank(tensor, 4, what, '[batch, height, width, channels]');
}

/** The tensor as a single number. @throws NcnError for another rank */
export function asScalar(tensor: Tensor, what: string): Scalar {
  return asRank(tensor, 0, what, 'a single number');
}

/**
 * The tensor as one of another's type.
 * @throws NcnError where the ranks differ
 */
export function asRankOf<T extends Tensor>(tensor: Tensor, other: T, what: string): T {
  if (hasRankOf(tensor, other)) return tensor;
  throw badContribution(
    `'${what}' has the shape [${tensor.shape.join(', ')}]; ${other.shape.length} axes were expected.`,
  );
}
