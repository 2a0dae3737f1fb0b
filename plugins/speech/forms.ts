import { tf, type Initializer, type Layers } from 'ncn';
import { bins } from './spectra.js';

/** Sizes of a network that makes masks from spectra. */
export interface MaskOptions {
  readonly filters: readonly number[];
  readonly width: number;
  readonly dilations: readonly number[];
}

/** Makes masks, before their bias and bound: [batch, frames, 257, features] to […, masks]. */
export type MaskNetwork = (
  layers: Layers,
  seen: tf.Tensor,
  masks: number,
  options: MaskOptions,
  last: Initializer,
) => tf.Tensor;

const leaky = <T extends tf.Tensor>(x: T): T => tf.leakyRelu(x, 0.2);

/** Halves of the number of bins, from the first convolution's input on. */
const sidesOf = (depth: number): number[] =>
  Array.from({ length: depth + 1 }, (_, i) => Math.ceil(bins / 2 ** i));

/**
 * Residual blocks along time on each frame's features: causal, so that a frame needs no later one.
 * @param x [batch, frames, width]
 */
function blocks(layers: Layers, x: tf.Tensor, { width, dilations }: MaskOptions): tf.Tensor {
  let h = x;
  dilations.forEach((dilation, i) => {
    const name = `block${i + 1}`;
    const y = layers.conv1d(`${name}/conv`, h, {
      filters: width,
      kernel: 3,
      dilation,
      pad: 'causal',
      bias: false,
    });
    h = tf.add(h, layers.dense(`${name}/out`, leaky(layers.batchNorm(`${name}/bn`, y)), width));
  });
  return h;
}

/**
 * A convolutional encoder and decoder along frequency, and blocks along time between them, in the
 * manner of Tan and Wang's convolutional recurrent network (2018) with convolutions for recurrence.
 */
export const crn: MaskNetwork = (layers, seen, masks, options, initializer) => {
  const { filters, width } = options;
  let h = seen;
  const [batch = 1, frames = 1] = h.shape;
  const skips: tf.Tensor[] = [];
  filters.forEach((count, i) => {
    const name = `down${i + 1}`;
    const y = layers.conv2d(name, h, {
      filters: count,
      kernel: [1, 5],
      stride: [1, 2],
      bias: false,
    });
    h = leaky(layers.batchNorm(`${name}/bn`, y));
    skips.push(h);
  });
  const [, , side = 1, channels = 1] = h.shape;
  const flat = tf.reshape(h, [batch, frames, side * channels]);
  const recalled = blocks(layers, layers.dense('in', flat, width), options);
  const along = tf.add(flat, layers.dense('out', recalled, side * channels));
  h = tf.reshape(along, [batch, frames, side, channels]);
  const sides = sidesOf(filters.length);
  for (let i = filters.length - 1; i >= 0; i--) {
    const skip = skips[i];
    const last = i === 0;
    const name = `up${i + 1}`;
    const y = layers.conv2dTranspose(name, skip === undefined ? h : tf.concat([h, skip], 3), {
      filters: last ? masks : (filters[i - 1] ?? masks),
      kernel: [1, 5],
      stride: [1, 2],
      outputSize: [frames, sides[i] ?? bins],
      bias: false,
      ...(last ? { initializer } : {}),
    });
    h = last ? y : leaky(layers.batchNorm(`${name}/bn`, y));
  }
  return h;
};

/** Frequencies as channels, and nothing but blocks along time (Bai et al., 2018). */
export const tcn: MaskNetwork = (layers, seen, masks, options, initializer) => {
  const [batch = 1, frames = 1, count = bins, features = 1] = seen.shape;
  const flat = tf.reshape(seen, [batch, frames, count * features]);
  const recalled = blocks(layers, layers.dense('in', flat, options.width), options);
  const last = layers.dense('out', recalled, count * masks, { initializer });
  return tf.reshape(last, [batch, frames, count, masks]);
};
