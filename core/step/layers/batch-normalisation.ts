import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { badLayerOption } from '../../errors/layer.js';
import { batchNormInference, batchNormTrain, bnEpsilon, bnMomentum } from '../batch-norm.js';
import { ones, zeros } from '../initializers.js';
import { axesOf, broadcastShape, sizesOf } from './axes.js';
import type { Layer } from './layer.js';

export interface BatchNormOptions {
  /**
   * What the statistics are taken over, the batch (axis 0) among them; −1 is the last axis. Default:
   * all axes but the last. There is a gamma, a beta and a moving average for each position of the
   * other axes.
   */
  readonly axes?: readonly number[];
  /** How much of a moving average an update keeps. Default 0.99. */
  readonly momentum?: number;
  /** Added to the variance. Default 1e-3. */
  readonly epsilon?: number;
}

/** Batch normalisation, with moving averages of the statistics for evaluation. */
export function batchNorm<T extends Tensor>(layer: Layer, x: T, options: BatchNormOptions): T {
  layer.channelsOf(x, 2);
  const { momentum = bnMomentum, epsilon = bnEpsilon } = options;
  if (!(momentum >= 0 && momentum <= 1)) {
    throw badLayerOption(layer, `'momentum' is ${momentum}; a number from 0 to 1 was expected`);
  }
  const axes = axesOf(layer, x.rank, options.axes ?? [...x.shape.slice(1).keys()]);
  if (axes[0] !== 0) {
    const hint = 'layerNorm, groupNorm and instanceNorm normalise each example by itself.';
    throw badLayerOption(layer, "'axes' lacks the batch, axis 0", hint);
  }
  const others = [...x.shape.keys()].filter((axis) => !axes.includes(axis));
  const shape = sizesOf(x.shape, others);
  const full = broadcastShape(x.shape, others);
  // Where the last axes remain, their parameters broadcast as they are.
  const atEnd = others.every((axis, i) => axis === axes.length + i);
  const wide = (parameter: Tensor): Tensor => (atEnd ? parameter : tf.reshape(parameter, full));
  const narrow = (moment: Tensor): Tensor => (atEnd ? moment : tf.reshape(moment, shape));
  const gamma = layer.weight('gamma', shape, ones);
  const beta = layer.weight('beta', shape, zeros);
  const mean = layer.statistic('moving_mean', shape, zeros);
  const variance = layer.statistic('moving_variance', shape, ones);
  if (layer.source.standIn !== undefined) return x;
  const [scale, offset] = [wide(gamma), wide(beta)];
  if (layer.source.normalisation === 'moving') {
    const moving = { mean: wide(mean), variance: wide(variance) };
    return layer.observed(batchNormInference(x, scale, offset, moving, epsilon));
  }
  const tell = (moments: { mean: Tensor; variance: Tensor }): void => {
    const told = { mean: narrow(moments.mean), variance: narrow(moments.variance) };
    layer.source.moments(layer.name, told, momentum);
  };
  return layer.observed(batchNormTrain(x, scale, offset, tell, { axes, epsilon }));
}
