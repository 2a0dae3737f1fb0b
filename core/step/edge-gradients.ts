import * as tf from '@tensorflow/tfjs-core';
import type { AvgPoolAttrs, MirrorPadAttrs, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { asImages } from './rank.js';
import { reachBeyond } from '../engine/window-reach.js';

/** Gradients that tf.js has wrong at the edges of an image. */

/**
 * tf.js passes on the middle of dy and forgets what was mirrored: each value of a mirrored edge is one of x,
 * to whose gradient it adds.
 */
tf.registerGradient({
  kernelName: tf.MirrorPad,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attributes) => {
    const [x] = saved;
    const { paddings, mode } = attributes as unknown as MirrorPadAttrs;
    if (!(dy instanceof tf.Tensor) || x === undefined) throw missing('mirrorPad');
    const skip = mode === 'reflect' ? 1 : 0;
    return {
      x: () =>
        paddings.reduce<Tensor>((d, [before, after], axis) => {
          const side = x.shape[axis] ?? 0;
          const part = (from: number, size: number): Tensor =>
            tf.slice(
              d,
              d.shape.map((_, k) => (k === axis ? from : 0)),
              d.shape.map((n, k) => (k === axis ? size : n)),
            );
          const folded = (from: number, size: number, to: number): Tensor[] =>
            size === 0
              ? []
              : [
                  tf.pad(
                    tf.reverse(part(from, size), axis),
                    d.shape.map((_, k) => (k === axis ? [to, side - to - size] : [0, 0])),
                  ),
                ];
          const left = folded(0, before, skip);
          const right = folded(before + side, after, side - skip - after);
          return tf.addN([part(before, side), ...left, ...right]);
        }, dy),
    };
  },
});

/**
 * The average of a window at the edge is of what it covers; tf.js divides its gradient by all that the window has room for.
 */
registerPooling(tf.AvgPool, 'x', (dy, x, pooling) => ({
  x: () => {
    const info = geometryOf(x, pooling);
    const shares = tf.mul(dy, roomPerValue(info));
    const [below, beside] = reachBeyond(info);
    const { top, left, bottom, right } = info.padInfo;
    if (below <= bottom && beside <= right) return averageGradient(shares, x, pooling);
    // Engines know no other rounding of the number of windows here than down.
    const [batch, height, width, channels] = x.shape;
    const sides = [height + top + below, width + left + beside] as const;
    const wide = tf.zeros<tf.Rank.R4>([batch, ...sides, channels]);
    const whole = averageGradient(shares, wide, { ...pooling, pad: 'valid' });
    return tf.slice(whole, [0, top, left, 0], x.shape);
  },
}));

/** That gradient is linear in dy: its own is the sum of each window, divided by all that it has room for. */
registerPooling(tf.AvgPoolGrad, 'input', (dd, x, pooling) => ({
  dy: () => {
    const info = geometryOf(x, pooling);
    const { top, left } = info.padInfo;
    const [below, beside] = reachBeyond(info);
    const sides: [number, number] = [
      x.shape[1] + Math.min(0, below),
      x.shape[2] + Math.min(0, beside),
    ];
    const inside = tf.slice(dd, [0, 0, 0, 0], [x.shape[0], ...sides, x.shape[3]]);
    const wide = tf.pad(inside, [
      [0, 0],
      [top, Math.max(0, below)],
      [left, Math.max(0, beside)],
      [0, 0],
    ]);
    return tf.avgPool(wide, pooling.filterSize, pooling.strides, 'valid');
  },
  input: () => tf.zerosLike(x),
}));

/** @param input the kernel's name of the images that it pools @param gradient of what arrives and of these images */
function registerPooling(
  kernelName: string,
  input: string,
  gradient: (dy: Tensor4D, x: Tensor4D, pooling: AvgPoolAttrs) => NamedGradientMap,
): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: [input],
    gradFunc: (dy, [x], attributes) =>
      gradient(images(dy), images(x), attributes as unknown as AvgPoolAttrs),
  });
}

type NamedGradientMap = Readonly<Record<string, () => Tensor>>;

function averageGradient(
  dy: Tensor,
  input: Tensor4D,
  { filterSize, strides, pad }: AvgPoolAttrs,
): Tensor {
  return tf.engine().runKernel(tf.AvgPoolGrad, { dy, input }, { filterSize, strides, pad });
}

function geometryOf(
  x: Tensor4D,
  { filterSize, strides, pad, dimRoundingMode }: AvgPoolAttrs,
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** For each window, what it has room for, divided by what it covers: [1, height, width, 1]. */
function roomPerValue(info: tf.backend_util.Conv2DInfo): Tensor4D {
  const { padInfo } = info;
  const along = (outputs: number, stride: number, taps: number, before: number, side: number) =>
    Array.from({ length: outputs }, (_, k) => {
      const from = k * stride - before;
      return taps / (Math.min(from + taps, side) - Math.max(from, 0));
    });
  const { outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth } = info;
  const rows = along(outHeight, strideHeight, filterHeight, padInfo.top, info.inHeight);
  const columns = along(outWidth, strideWidth, filterWidth, padInfo.left, info.inWidth);
  const shares = rows.flatMap((row) => columns.map((column) => row * column));
  return tf.tensor4d(shares, [1, outHeight, outWidth, 1]);
}

function images(given: Tensor | Tensor[] | undefined): Tensor4D {
  if (given instanceof tf.Tensor) return asImages(given, 'a gradient of pooling');
  throw missing('avgPool');
}

const missing = (operation: string): Error => new Error(`tf.js lacks a tensor of ${operation}`);
