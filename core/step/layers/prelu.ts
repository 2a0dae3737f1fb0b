import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { constant } from '../initializers.js';
import { asRankOf } from '../rank.js';
import type { Initializer } from '../parameters.js';
import type { Layer } from './layer.js';

export interface PreluOptions {
  /** Of the slopes; 0.25 by default, as in the paper. */
  readonly initializer?: Initializer;
}

/** x where it is positive, else x times a slope that is learned for each channel. */
export function prelu<T extends Tensor>(layer: Layer, x: T, options: PreluOptions): T {
  const channels = layer.channelsOf(x, 2);
  const slopes = layer.weight('alpha', [channels], options.initializer ?? constant(0.25));
  if (layer.source.standIn !== undefined) return x;
  return layer.observed(asRankOf(tf.prelu(x, slopes), x, layer.name));
}
