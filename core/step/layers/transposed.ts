import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ConvOptions } from './convolution.js';
import type { Layer } from './layer.js';
import { both, grownSize, type PerAxis } from './window.js';

export interface Conv1DTransposeOptions extends ConvOptions<Tensor3D> {
  readonly kernel: number;
  /** How much longer the output is. Default 2. */
  readonly stride?: number;
  /** Default `same`. */
  readonly pad?: 'same' | 'valid';
  /**
   * Length of the output, where it is not `stride` times the input's: any of which a convolution
   * makes the input's length.
   */
  readonly outputSize?: number;
}

export interface Conv2DTransposeOptions extends ConvOptions<Tensor4D> {
  /** Side of the square kernel, or [height, width]. */
  readonly kernel: PerAxis;
  /** How much larger the output is. Default 2. */
  readonly stride?: PerAxis;
  /** Default `same`. */
  readonly pad?: 'same' | 'valid';
  /**
   * Size of the output, where it is not `stride` times the input's: any of which a convolution
   * makes the input's size (17 rows are 33 or 34 with stride 2 and `same`).
   */
  readonly outputSize?: PerAxis;
}

/** Transposed 1-D convolution [batch, time, channels], kernel [time, out, in]. */
export function conv1dTranspose(
  layer: Layer,
  input: Tensor,
  options: Conv1DTransposeOptions,
): Tensor3D {
  const x = layer.input(input, 3, '[batch, time, channels]');
  const { filters, kernel, stride = 2, pad = 'same', bias = true, outputSize } = options;
  const [batch, time, channels] = x.shape;
  layer.count('filters', filters);
  const size = grownSize(layer, time, { kernel, stride }, pad, outputSize);
  const weights = layer.kernel([kernel, filters, channels], 3, options);
  const offset = layer.bias(filters, bias);
  const shape: [number, number, number] = [batch, size, filters];
  const cheap = layer.standIn(x, shape, x.size * kernel * filters);
  if (cheap !== undefined) return cheap;
  const rows = tf.reshape<tf.Rank.R4>(x, [batch, 1, time, channels]);
  const square = tf.reshape<tf.Rank.R4>(weights, [1, kernel, filters, channels]);
  const wide = tf.conv2dTranspose(rows, square, [batch, 1, size, filters], [1, stride], pad);
  const y = tf.reshape<tf.Rank.R3>(wide, shape);
  return layer.observed(offset === undefined ? y : tf.add(y, offset));
}

/** Transposed 2-D convolution, NHWC, kernel [height, width, out, in]. */
export function conv2dTranspose(
  layer: Layer,
  input: Tensor,
  options: Conv2DTransposeOptions,
): Tensor4D {
  const x = layer.input(input, 4, '[batch, height, width, channels]');
  const { filters, kernel, stride = 2, pad = 'same', bias = true, outputSize } = options;
  const [batch, height, width, channels] = x.shape;
  layer.count('filters', filters);
  const [kernels, strides] = [both(kernel), both(stride)];
  const wanted = outputSize === undefined ? undefined : both(outputSize);
  const grown = (axis: 0 | 1, size: number): number => {
    const given = { kernel: kernels[axis], stride: strides[axis] };
    return grownSize(layer, size, given, pad, wanted?.[axis]);
  };
  const shape: [number, number, number, number] = [
    batch,
    grown(0, height),
    grown(1, width),
    filters,
  ];
  const weights = layer.kernel([...kernels, filters, channels], 4, options);
  const offset = layer.bias(filters, bias);
  const cheap = layer.standIn(x, shape, x.size * kernels[0] * kernels[1] * filters);
  if (cheap !== undefined) return cheap;
  const step: number | [number, number] = typeof stride === 'number' ? stride : [...stride];
  const y = tf.conv2dTranspose(x, weights, shape, step, pad);
  return layer.observed(offset === undefined ? y : tf.add(y, offset));
}
