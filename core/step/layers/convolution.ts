import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { dilatedConv2d } from './dilated.js';
import type { KernelOptions, Layer } from './layer.js';
import { withPast } from './past.js';
import { axisWindow, both, type AxisWindow, type Padding, type PerAxis } from './window.js';

/** What all convolutions may be told. */
export interface ConvOptions<T extends Tensor> extends KernelOptions<T> {
  readonly filters: number;
  /** Default true. */
  readonly bias?: boolean;
}

export interface Conv1DOptions extends ConvOptions<Tensor3D> {
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /** Distance between the kernel's taps. Default 1. */
  readonly dilation?: number;
  /** Default `same`. */
  readonly pad?: Padding;
}

export interface Conv2DOptions extends ConvOptions<Tensor4D> {
  /** Side of the square kernel, or [height, width]. */
  readonly kernel: PerAxis;
  /** Default 1. */
  readonly stride?: PerAxis;
  /** Distance between the kernel's taps. Default 1. */
  readonly dilation?: PerAxis;
  /** Default `same`. Where the axes differ, one for each: `['same', 'causal']`. */
  readonly pad?: 'same' | 'valid' | readonly [Padding, Padding];
}

/** 1-D convolution [batch, time, channels], kernel [time, in, out]. */
export function conv1d(layer: Layer, input: Tensor, options: Conv1DOptions): Tensor3D {
  const x = layer.input(input, 3, '[batch, time, channels]');
  const { filters, kernel, stride = 1, dilation = 1, pad = 'same', bias = true } = options;
  if (pad === 'causal' && layer.source.past !== undefined) {
    // Of a recording in pieces, what came before takes the place of the zeros.
    const whole = withPast(layer.source, layer.name, x, (kernel - 1) * dilation);
    return conv1d(layer, whole, { ...options, pad: 'valid' });
  }
  const [batch, time, channels] = x.shape;
  layer.count('filters', filters);
  const move = axisWindow(layer, time, { kernel, stride, dilation }, pad);
  const weights = layer.kernel([kernel, channels, filters], 3, options);
  const offset = layer.bias(filters, bias);
  const shape: [number, number, number] = [batch, move.size, filters];
  const cheap = layer.standIn(x, shape, batch * move.size * kernel * channels * filters);
  if (cheap !== undefined) return cheap;
  const rows = tf.reshape<tf.Rank.R4>(x, [batch, 1, time, channels]);
  const square = tf.reshape<tf.Rank.R4>(weights, [1, kernel, channels, filters]);
  const y = tf.reshape<tf.Rank.R3>(convolve(rows, square, [still, move], [1, stride], pad), shape);
  return layer.observed(offset === undefined ? y : tf.add(y, offset));
}

/** An axis of size 1 that takes no part. */
const still: AxisWindow = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, size: 1 };

/** 2-D convolution, NHWC, kernel HWIO. */
export function conv2d(layer: Layer, input: Tensor, options: Conv2DOptions): Tensor4D {
  const x = layer.input(input, 4, '[batch, height, width, channels]');
  const { filters, kernel, stride = 1, dilation = 1, pad = 'same', bias = true } = options;
  const [batch, height, width, channels] = x.shape;
  layer.count('filters', filters);
  const [kernels, strides, dilations] = [both(kernel), both(stride), both(dilation)];
  const pads = typeof pad === 'string' ? ([pad, pad] as const) : pad;
  const along = (axis: 0 | 1, size: number): AxisWindow => {
    const given = { kernel: kernels[axis], stride: strides[axis], dilation: dilations[axis] };
    return axisWindow(layer, size, given, pads[axis]);
  };
  const window = [along(0, height), along(1, width)] as const;
  const weights = layer.kernel([...kernels, channels, filters], 4, options);
  const offset = layer.bias(filters, bias);
  const shape = [batch, window[0].size, window[1].size, filters];
  const work = tf.util.sizeFromShape(shape) * kernels[0] * kernels[1] * channels;
  const cheap = layer.standIn(x, shape, work);
  if (cheap !== undefined) return cheap;
  const y = convolve(x, weights, window, stride, typeof pad === 'string' ? pad : undefined);
  return layer.observed(offset === undefined ? y : tf.add(y, offset));
}

/** @param pad where both axes have the same, as tf.js is told it */
function convolve(
  x: Tensor4D,
  kernel: Tensor4D,
  window: readonly [AxisWindow, AxisWindow],
  stride: PerAxis,
  pad: Padding | undefined,
): Tensor4D {
  const [rows, sides] = window;
  if (rows.dilation > 1 || sides.dilation > 1) return dilatedConv2d(x, kernel, window);
  const strides: number | [number, number] = typeof stride === 'number' ? stride : [...stride];
  if (pad === 'same' || pad === 'valid') return tf.conv2d(x, kernel, strides, pad);
  const above: [number, number] = [rows.before, rows.after];
  const beside: [number, number] = [sides.before, sides.after];
  return tf.conv2d(x, kernel, strides, [[0, 0], above, beside, [0, 0]]);
}
