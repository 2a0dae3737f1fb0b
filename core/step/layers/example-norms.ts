import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { badLayerOption } from '../../errors/layer.js';
import { ones, zeros } from '../initializers.js';
import { asRankOf } from '../rank.js';
import { axesOf, broadcastShape, sizesOf } from './axes.js';
import type { Layer } from './layer.js';

/*
 * Normalisations of each example by itself: with no moving averages, they do the same in training
 * and in evaluation.
 */

export interface ExampleNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

const defaultEpsilon = 1e-5;

export interface LayerNormOptions extends ExampleNormOptions {
  /**
   * What the statistics are taken over, without the batch; −1 is the last axis. Default: the last.
   * There is a gamma and a beta for each position of these axes.
   */
  readonly axes?: readonly number[];
}

export interface GroupNormOptions extends ExampleNormOptions {
  /** How many groups the channels make. */
  readonly groups: number;
}

export type InstanceNormOptions = ExampleNormOptions;

/** Ba, Kiros and Hinton (2016), equation 4. */
export function layerNorm<T extends Tensor>(layer: Layer, x: T, options: LayerNormOptions): T {
  layer.channelsOf(x, 2);
  const axes = axesOf(layer, x.rank, options.axes ?? [-1]);
  if (axes[0] === 0) {
    throw badLayerOption(layer, "'axes' has the batch, axis 0", 'batchNorm normalises over it.');
  }
  const scaled = affine(layer, sizesOf(x.shape, axes), broadcastShape(x.shape, axes));
  if (layer.source.standIn !== undefined) return x;
  return layer.observed(scaled(standardise(x, axes, options.epsilon ?? defaultEpsilon)));
}

/**
 * Wu and He (2018), section 3: statistics of each example and group of neighbouring channels, over
 * all positions. One group for all channels is the global layer normalisation of Luo and Mesgarani
 * (2019).
 */
export function groupNorm<T extends Tensor>(layer: Layer, x: T, options: GroupNormOptions): T {
  const channels = layer.channelsOf(x, 2);
  const groups = layer.count('groups', options.groups);
  if (channels % groups !== 0) {
    throw badLayerOption(layer, `${channels} channels do not make ${groups} equal groups`);
  }
  const scaled = affine(layer, [channels], [channels]);
  if (layer.source.standIn !== undefined) return x;
  const [batch = 1] = x.shape;
  const grouped = tf.reshape(x, [batch, -1, groups, channels / groups]);
  const normal = standardise(grouped, [1, 3], options.epsilon ?? defaultEpsilon);
  return layer.observed(scaled(asRankOf(tf.reshape(normal, x.shape), x, layer.name)));
}

/** Ulyanov, Vedaldi and Lempitsky (2016): statistics of each example and channel. */
export function instanceNorm<T extends Tensor>(
  layer: Layer,
  x: T,
  options: InstanceNormOptions,
): T {
  const channels = layer.channelsOf(x, 3);
  const scaled = affine(layer, [channels], [channels]);
  if (layer.source.standIn !== undefined) return x;
  const between = [...x.shape.keys()].slice(1, -1);
  return layer.observed(scaled(standardise(x, between, options.epsilon ?? defaultEpsilon)));
}

/** x less its mean, divided by its standard deviation, both over the axes. */
function standardise<T extends Tensor>(x: T, axes: number[], epsilon: number): T {
  const centred = tf.sub<T>(x, tf.mean(x, axes, true));
  const variance = tf.mean(tf.square(centred), axes, true);
  return tf.mul<T>(centred, tf.rsqrt(tf.add(variance, epsilon)));
}

/** A learned scale, at first one, and a learned offset, at first zero. */
function affine(
  layer: Layer,
  shape: readonly number[],
  broadcast: readonly number[],
): <T extends Tensor>(x: T) => T {
  const gamma = layer.weight('gamma', shape, ones);
  const beta = layer.weight('beta', shape, zeros);
  const wide = (parameter: Tensor): Tensor => tf.reshape(parameter, [...broadcast]);
  return (x) => tf.add(tf.mul(x, wide(gamma)), wide(beta));
}
