import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { AxisWindow } from './window.js';

type Axis = 1 | 2;

/**
 * A convolution with dilation, NHWC, of operations that tf.js can differentiate, also twice: it has
 * no gradient for its own. The positions of an axis are dealt out to as many blocks as the dilation
 * says (position t to block t mod d), which become examples of the batch. In each of them the
 * kernel's taps are neighbours, so that an ordinary convolution remains: Yu and Koltun (2016), by
 * way of TensorFlow's `space_to_batch`.
 * @param kernel HWIO, without holes
 * @param window how the kernel moves along height and width
 */
export function dilatedConv2d(
  x: Tensor4D,
  kernel: Tensor4D,
  window: readonly [AxisWindow, AxisWindow],
): Tensor4D {
  const [rows, sides] = window;
  const axes: { axis: Axis; move: AxisWindow }[] = [
    { axis: 1, move: rows },
    { axis: 2, move: sides },
  ];
  const dilated = axes.filter(({ move }) => move.dilation > 1);
  const pads = [padding(x.shape[1], rows), padding(x.shape[2], sides)] as const;
  const padded = tf.pad(x, [[0, 0], ...pads, [0, 0]]);
  const dealt = dilated.reduce((y, { axis, move }) => deal(y, axis, move.dilation), padded);
  const stride = (move: AxisWindow): number => (move.dilation > 1 ? 1 : move.stride);
  const convolved = tf.conv2d(dealt, kernel, [stride(rows), stride(sides)], 'valid');
  return dilated.reduceRight(
    (y, { axis, move }) => everyNth(gather(y, axis, move.dilation), axis, move),
    convolved,
  );
}

/** Zeros before and after an axis; where it is dilated, up to a whole number of positions a block. */
function padding(size: number, move: AxisWindow): [number, number] {
  const { kernel, stride, dilation, before, after } = move;
  if (dilation === 1) return [before, after];
  const needed = Math.max(size + before, move.size * stride + (kernel - 1) * dilation);
  return [before, Math.ceil(needed / dilation) * dilation - size - before];
}

/** [b, …, n, …] → [blocks · b, …, n / blocks, …]: position t goes to block t mod blocks. */
function deal(x: Tensor4D, axis: Axis, blocks: number): Tensor4D {
  const { shape, outer, size, inner } = around(x, axis);
  const split = tf.reshape(x, [outer, size / blocks, blocks, inner]);
  const [batch, ...rest] = sized(shape, axis, size / blocks);
  return tf.reshape(tf.transpose(split, [2, 0, 1, 3]), [blocks * batch, ...rest]);
}

/** The reverse of `deal`. */
function gather(x: Tensor4D, axis: Axis, blocks: number): Tensor4D {
  const { shape, outer, size, inner } = around(x, axis);
  const split = tf.reshape(x, [blocks, outer / blocks, size, inner]);
  const [batch, ...rest] = sized(shape, axis, size * blocks);
  return tf.reshape(tf.transpose(split, [1, 2, 0, 3]), [batch / blocks, ...rest]);
}

/** The first `size` of the positions 0, stride, 2·stride, … */
function everyNth(x: Tensor4D, axis: Axis, { size, stride }: AxisWindow): Tensor4D {
  const first = tf.slice(x, [0, 0, 0, 0], sized(x.shape, axis, size * stride));
  if (stride === 1) return first;
  const { shape, outer, inner } = around(first, axis);
  const rows = tf.reshape(first, [outer, size, stride, inner]);
  return tf.reshape(
    tf.slice(rows, [0, 0, 0, 0], [outer, size, 1, inner]),
    sized(shape, axis, size),
  );
}

type Shape4 = [number, number, number, number];

/** The shape with another size of an axis. */
function sized([b, h, w, c]: Shape4, axis: Axis, size: number): Shape4 {
  return axis === 1 ? [b, size, w, c] : [b, h, size, c];
}

/** What lies before an axis in memory, the axis, and what lies after it. */
function around({ shape }: Tensor4D, axis: Axis) {
  const [b, h, w, c] = shape;
  return axis === 1
    ? { shape, outer: b, size: h, inner: w * c }
    : { shape, outer: b * h, size: w, inner: c };
}
