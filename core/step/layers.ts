import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { withScope } from '../attribution/scope.js';
import { badContribution } from '../errors/plugin.js';
import { batchNormInference, batchNormTrain, type BatchMoments } from './batch-norm.js';
import { glorotUniform, ones, zeros } from './initializers.js';
import type { Initializer } from './types.js';

export interface Conv2DOptions {
  readonly filters: number;
  /** Side of the square kernel. */
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default `same`. */
  readonly pad?: 'same' | 'valid';
  /** Default true. */
  readonly bias?: boolean;
  readonly initializer?: Initializer;
  /**
   * Replaces the kernel by a function of it before it is used: spectral or weight normalisation.
   * It must keep the shape.
   */
  readonly kernelTransform?: (kernel: Tensor4D) => Tensor4D;
}

/**
 * Where layers find their parameters. One implementation declares them (and computes nothing
 * heavy), another binds them to the tensors of a state.
 */
export interface ParameterSource {
  /** The tensor of a weight. The first call with a name decides; a second must agree in shape. */
  weight(name: string, shape: readonly number[], initializer: Initializer): Tensor;
  statistic(name: string, shape: readonly number[], initializer: Initializer): Tensor;
  /** Replaces x by a cheap stand-in of this shape where only shapes matter. */
  standIn?(shape: readonly number[], multiplyAdds: number): Tensor;
  /** `batch`: normalise with the batch's statistics; `moving`: with the moving averages. */
  readonly normalisation: 'batch' | 'moving';
  /** Is told the batch's statistics, to move the averages. */
  moments(name: string, moments: BatchMoments): void;
  /** Is told the next value of a buffer. */
  assign(name: string, value: Tensor): void;
  /** Is told what each layer gives, where someone looks inside the network. */
  observe?(name: string, output: Tensor): void;
}

/**
 * What a network is written with. Each layer is named; its parameters are `name/kernel`,
 * `name/bias`, …, with TensorFlow 1's layer defaults (Glorot-uniform kernels, zero biases).
 */
export class Layers {
  constructor(private readonly source: ParameterSource) {}

  /**
   * 2-D convolution, NHWC, kernel HWIO, with a bias.
   * @param x [batch, height, width, channels]
   */
  conv2d(name: string, x: Tensor4D, options: Conv2DOptions): Tensor4D {
    return withScope(name, () => {
      const { filters, kernel, stride = 1, pad = 'same', bias = true } = options;
      const shape: [number, number, number, number] = [kernel, kernel, x.shape[3], filters];
      const weights = this.kernel(name, shape, options);
      const offset = bias ? this.source.weight(`${name}/bias`, [filters], zeros) : undefined;
      const info = tf.backend_util.computeConv2DInfo(x.shape, shape, stride, 1, pad);
      const work = (info.outHeight * info.outWidth * tf.util.sizeFromShape(shape)) | 0;
      const cheap = this.source.standIn?.(info.outShape, work * x.shape[0]);
      if (cheap !== undefined) return cheap as Tensor4D;
      const y = tf.conv2d(x, weights, stride, pad);
      return this.observed(name, offset === undefined ? y : tf.add(y, offset));
    });
  }

  /** Transposed 2-D convolution to twice (stride times) the size; kernel [h, w, out, in]. */
  conv2dTranspose(name: string, x: Tensor4D, options: Conv2DOptions): Tensor4D {
    return withScope(name, () => {
      const { filters, kernel, stride = 2, pad = 'same', bias = true } = options;
      const shape: [number, number, number, number] = [kernel, kernel, filters, x.shape[3]];
      const weights = this.kernel(name, shape, options);
      const offset = bias ? this.source.weight(`${name}/bias`, [filters], zeros) : undefined;
      const grow = (size: number) =>
        pad === 'same' ? size * stride : size * stride + Math.max(kernel - stride, 0);
      const out: [number, number, number, number] = [
        x.shape[0],
        grow(x.shape[1]),
        grow(x.shape[2]),
        filters,
      ];
      const cheap = this.source.standIn?.(out, x.size * kernel * kernel * filters);
      if (cheap !== undefined) return cheap as Tensor4D;
      const y = tf.conv2dTranspose(x, weights, out, stride, pad);
      return this.observed(name, offset === undefined ? y : tf.add(y, offset));
    });
  }

  /** A fully connected layer. @param x [batch, features] */
  dense(name: string, x: Tensor2D, units: number): Tensor2D {
    return withScope(name, () => {
      const weights = this.source.weight(`${name}/kernel`, [x.shape[1], units], glorotUniform);
      const offset = this.source.weight(`${name}/bias`, [units], zeros);
      const cheap = this.source.standIn?.([x.shape[0], units], x.size * units);
      if (cheap !== undefined) return cheap as Tensor2D;
      return this.observed(name, tf.add(tf.matMul(x, weights as Tensor2D), offset));
    });
  }

  /** Batch normalisation over batch, height and width; momentum 0.99, ε 1e-3. */
  batchNorm(name: string, x: Tensor4D): Tensor4D {
    return withScope(name, () => {
      const shape = [x.shape[3]];
      const scale = this.source.weight(`${name}/gamma`, shape, ones) as Tensor1D;
      const offset = this.source.weight(`${name}/beta`, shape, zeros) as Tensor1D;
      const mean = this.source.statistic(`${name}/moving_mean`, shape, zeros) as Tensor1D;
      const variance = this.source.statistic(`${name}/moving_variance`, shape, ones) as Tensor1D;
      if (this.source.standIn !== undefined) return x;
      if (this.source.normalisation === 'moving') {
        return this.observed(name, batchNormInference(x, scale, offset, { mean, variance }));
      }
      const y = batchNormTrain(x, scale, offset, (moments) => {
        this.source.moments(name, moments);
      });
      return this.observed(name, y);
    });
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

  /** A weight of the author's own. */
  weight(name: string, shape: readonly number[], initializer: Initializer): Tensor {
    return this.source.weight(name, shape, initializer);
  }

  private kernel(
    name: string,
    shape: [number, number, number, number],
    { initializer = glorotUniform, kernelTransform = (kernel) => kernel }: Conv2DOptions,
  ): Tensor4D {
    const kernel = this.source.weight(`${name}/kernel`, shape, initializer) as Tensor4D;
    const transformed = kernelTransform(kernel);
    if (transformed.shape.join() === kernel.shape.join()) return transformed;
    throw badContribution(
      `The kernelTransform of layer '${name}' changed the shape [${shape.join(', ')}] to [${transformed.shape.join(', ')}].`,
    );
  }

  private observed<T extends Tensor>(name: string, output: T): T {
    this.source.observe?.(name, output);
    return output;
  }
}
