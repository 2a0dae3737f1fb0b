import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { withScope } from '../attribution/scope.js';
import { batchNorm, type BatchNormOptions } from './layers/batch-normalisation.js';
import { conv1d, conv2d, type Conv1DOptions, type Conv2DOptions } from './layers/convolution.js';
import { dense, type DenseOptions } from './layers/dense.js';
import {
  groupNorm,
  instanceNorm,
  layerNorm,
  type GroupNormOptions,
  type InstanceNormOptions,
  type LayerNormOptions,
} from './layers/example-norms.js';
import { Layer } from './layers/layer.js';
import { withPast } from './layers/past.js';
import { prelu, type PreluOptions } from './layers/prelu.js';
import { gru, lstm, type RecurrentOptions } from './layers/recurrent.js';
import type { ParameterSource } from './layers/source.js';
import {
  conv1dTranspose,
  conv2dTranspose,
  type Conv1DTransposeOptions,
  type Conv2DTransposeOptions,
} from './layers/transposed.js';
import type { Initializer } from './parameters.js';

export type { BatchNormOptions } from './layers/batch-normalisation.js';
export type { Conv1DOptions, Conv2DOptions, ConvOptions } from './layers/convolution.js';
export type { DenseOptions } from './layers/dense.js';
export type {
  ExampleNormOptions,
  GroupNormOptions,
  InstanceNormOptions,
  LayerNormOptions,
} from './layers/example-norms.js';
export type { KernelOptions } from './layers/layer.js';
export type { PreluOptions } from './layers/prelu.js';
export type { RecurrentOptions } from './layers/recurrent.js';
export type { ParameterSource } from './layers/source.js';
export type { Conv1DTransposeOptions, Conv2DTransposeOptions } from './layers/transposed.js';
export type { Padding, PerAxis } from './layers/window.js';

/**
 * What a network is written with. Each layer is named; its parameters are `name/kernel`,
 * `name/bias`, …, with TensorFlow 1's layer defaults (Glorot-uniform kernels, zero biases). The last
 * axis of a tensor is that of its channels. A tensor or an option that a layer cannot work with is
 * an NcnError that names the layer.
 */
export class Layers {
  constructor(private readonly source: ParameterSource) {}

  /** 1-D convolution, kernel [time, in, out], with a bias. @param x [batch, time, channels] */
  conv1d(name: string, x: Tensor, options: Conv1DOptions): Tensor3D {
    return this.run('conv1d', name, (layer) => conv1d(layer, x, options));
  }

  /**
   * 2-D convolution, kernel [height, width, in, out], with a bias.
   * @param x [batch, height, width, channels]
   */
  conv2d(name: string, x: Tensor, options: Conv2DOptions): Tensor4D {
    return this.run('conv2d', name, (layer) => conv2d(layer, x, options));
  }

  /**
   * Transposed 1-D convolution to twice (stride times) the length; kernel [time, out, in].
   * @param x [batch, time, channels]
   */
  conv1dTranspose(name: string, x: Tensor, options: Conv1DTransposeOptions): Tensor3D {
    return this.run('conv1dTranspose', name, (layer) => conv1dTranspose(layer, x, options));
  }

  /**
   * Transposed 2-D convolution to twice (stride times) the size; kernel [height, width, out, in].
   * @param x [batch, height, width, channels]
   */
  conv2dTranspose(name: string, x: Tensor, options: Conv2DTransposeOptions): Tensor4D {
    return this.run('conv2dTranspose', name, (layer) => conv2dTranspose(layer, x, options));
  }

  /** A fully connected layer on the last axis. @param x [batch, …, features] */
  dense<T extends Tensor>(name: string, x: T, units: number, options: DenseOptions = {}): T {
    return this.run('dense', name, (layer) => dense(layer, x, units, options));
  }

  /**
   * Batch normalisation over all axes but the last, or over `axes`; momentum 0.99, ε 1e-3.
   * @param x [batch, …, channels]
   */
  batchNorm<T extends Tensor>(name: string, x: T, options: BatchNormOptions = {}): T {
    return this.run('batchNorm', name, (layer) => batchNorm(layer, x, options));
  }

  /**
   * Layer normalisation: of each position of each example over its channels, or over `axes`; ε 1e-5.
   * @param x [batch, …, channels]
   */
  layerNorm<T extends Tensor>(name: string, x: T, options: LayerNormOptions = {}): T {
    return this.run('layerNorm', name, (layer) => layerNorm(layer, x, options));
  }

  /**
   * Group normalisation: of each example and group of channels over all positions; ε 1e-5.
   * @param x [batch, …, channels]
   */
  groupNorm<T extends Tensor>(name: string, x: T, options: GroupNormOptions): T {
    return this.run('groupNorm', name, (layer) => groupNorm(layer, x, options));
  }

  /**
   * Instance normalisation: of each example and channel over all positions; ε 1e-5.
   * @param x [batch, …, channels] with one axis or more between
   */
  instanceNorm<T extends Tensor>(name: string, x: T, options: InstanceNormOptions = {}): T {
    return this.run('instanceNorm', name, (layer) => instanceNorm(layer, x, options));
  }

  /**
   * Parametric ReLU: He et al. (2015), equation 1, with a slope for each channel, at first 0.25.
   * @param x [batch, …, channels]
   */
  prelu<T extends Tensor>(name: string, x: T, options: PreluOptions = {}): T {
    return this.run('prelu', name, (layer) => prelu(layer, x, options));
  }

  /**
   * A gated recurrent unit (Cho et al. 2014, with the reset gate behind the product, as in cuDNN and
   * PyTorch) from a state of zeros: [batch, time, units]. Unrolled: the graph has some ten operations
   * for each step, and the backward pass three times as many, so that it suits tens of steps.
   * @param x [batch, time, features]
   */
  gru(name: string, x: Tensor, units: number, options: RecurrentOptions = {}): Tensor3D {
    return this.run('gru', name, (layer) => gru(layer, x, units, options));
  }

  /**
   * Long short-term memory with forget gates (Gers et al. 2000) from states of zeros:
   * [batch, time, units]. Unrolled, as `gru`.
   * @param x [batch, time, features]
   */
  lstm(name: string, x: Tensor, units: number, options: RecurrentOptions = {}): Tensor3D {
    return this.run('lstm', name, (layer) => lstm(layer, x, units, options));
  }

  /**
   * A value that is kept from update to update but not learned, such as the vector of a power
   * iteration; part of every checkpoint. It has the value of the update's start in all passes.
   */
  buffer(name: string, shape: readonly number[], initializer: Initializer): Tensor {
    return this.source.statistic(name, shape, initializer);
  }

  /**
   * Gives a buffer its value for the next update. Only updates of the network itself change its
   * buffers; in evaluations, and while other networks are updated, this does nothing. No gradient
   * flows from one update to the next.
   */
  setBuffer(name: string, value: Tensor): void {
    this.source.assign(name, value);
  }

  /** Whether x is a piece of a recording, behind others, and not the whole of it. */
  get streaming(): boolean {
    return this.source.past !== undefined;
  }

  /**
   * A tensor with the steps before it in front, along axis 1: zeros at the start of a recording, and
   * where it comes in pieces, the end of the piece before. A network whose only memory is this and
   * causal convolutions can run piece by piece.
   * @param x [batch, steps, …] @returns [batch, count + steps, …]
   */
  past(name: string, x: Tensor, count: number): Tensor {
    return withPast(this.source, name, x, count);
  }

  /** A weight of the author's own. */
  weight(name: string, shape: readonly number[], initializer: Initializer): Tensor {
    return this.source.weight(name, shape, initializer);
  }

  private run<T>(kind: string, name: string, layer: (layer: Layer) => T): T {
    return withScope(name, () => layer(new Layer(this.source, kind, name)));
  }
}
