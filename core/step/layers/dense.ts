import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { asRankOf, hasRank } from '../rank.js';
import type { KernelOptions, Layer } from './layer.js';

export interface DenseOptions extends KernelOptions<Tensor2D> {
  /** Default true. */
  readonly bias?: boolean;
}

/** A fully connected layer on the last axis, kernel [in, out]: [batch, …, in] → [batch, …, out]. */
export function dense<T extends Tensor>(
  layer: Layer,
  x: T,
  units: number,
  options: DenseOptions,
): T {
  const channels = layer.channelsOf(x, 2);
  layer.count('units', units);
  const weights = layer.kernel([channels, units], 2, options);
  const offset = layer.bias(units, options.bias ?? true);
  const shape = [...x.shape.slice(0, -1), units];
  const cheap = layer.standIn(x, shape, x.size * units);
  if (cheap !== undefined) return cheap;
  const rows = hasRank(x, 2) ? x : tf.reshape<tf.Rank.R2>(x, [x.size / channels, channels]);
  const product: Tensor = tf.matMul(rows, weights);
  const sum = offset === undefined ? product : tf.add(product, offset);
  const y = hasRank(x, 2) ? sum : tf.reshape(sum, shape);
  return layer.observed(asRankOf(y, x, layer.name));
}
