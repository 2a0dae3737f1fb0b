import * as tf from '@tensorflow/tfjs-core';
import type {
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  NamedAttrMap,
  NamedTensorInfoMap,
  Tensor4D,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { engineFailed } from '../errors/engine.js';

const backend = 'wasm';

type Shape4 = [number, number, number, number];

/**
 * Gradients of convolutions for the wasm backend, composed from its fast forward convolution:
 * tf.js has no filter gradient there, and its input gradient is ten times slower than this one.
 */
export function registerWasmGradients(): void {
  replace('Conv2DBackpropFilter', ({ inputs, attrs }) => {
    const given = attrs as unknown as Conv2DBackpropFilterAttrs;
    return filterGradient(tensor4(inputs['x']), tensor4(inputs['dy']), given);
  });
  replace('Conv2DBackpropInput', ({ inputs, attrs }) => {
    const given = attrs as unknown as Conv2DBackpropInputAttrs;
    return inputGradient(tensor4(inputs['dy']), tensor4(inputs['filter']), given);
  });
}

function replace(
  kernelName: string,
  kernelFunc: (params: { inputs: NamedTensorInfoMap; attrs?: NamedAttrMap }) => TensorInfo,
): void {
  const known = tf.getKernelsForBackend(backend).some((kernel) => kernel.kernelName === kernelName);
  if (known) tf.unregisterKernel(kernelName, backend);
  tf.registerKernel({ kernelName, backendName: backend, kernelFunc: (p) => kernelFunc(p) });
}

/** Inside kernels, inputs are tensors or bare infos; operations need tensors. */
function tensor4(info: TensorInfo | undefined): Tensor4D {
  if (info instanceof tf.Tensor) return info as Tensor4D;
  if (info === undefined) throw engineFailed(backend, 'a convolution gradient lacks an input');
  return tf.engine().makeTensorFromTensorInfo(info) as Tensor4D;
}

function strideOf(strides: number | [number, number]): [number, number] {
  return typeof strides === 'number' ? [strides, strides] : strides;
}

/**
 * dW[i,j,c,o] = Σ x[b, s·h+i, s·w+j, c]·dy[b,h,w,o]: a convolution over the batch, in which the
 * input's channels play the batch and dy, spread out by the stride, the kernel.
 */
export function filterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  { strides, pad, dimRoundingMode, filterShape }: Conv2DBackpropFilterAttrs,
): Tensor4D {
  const { padInfo: p } = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  if (coversInput(x.shape, filterShape, p)) {
    const [batch, height, width, from] = x.shape;
    const rows = tf.reshape(x, [batch, height * width * from]);
    return tf.tidy(() =>
      tf.reshape<tf.Rank.R4>(tf.matMul(tf.transpose(rows), asRows(dy)), filterShape),
    );
  }
  return tf.tidy(() => {
    const padded = tf.pad(x, [
      [0, 0],
      [p.top, p.bottom],
      [p.left, p.right],
      [0, 0],
    ]);
    const images = tf.transpose(padded, [3, 1, 2, 0]);
    const kernel = tf.transpose(dy, [1, 2, 0, 3]);
    const gradient = tf.conv2d(images, kernel, 1, 'valid', 'NHWC', strideOf(strides));
    // A stride that does not divide the input leaves rows that no window touched.
    const [kh, kw] = filterShape;
    const exact = tf.slice(gradient, [0, 0, 0, 0], [-1, kh, kw, -1]);
    return tf.transpose(exact, [1, 2, 0, 3]);
  });
}

/**
 * dx: the convolution of dy, with zeros between its values for a stride, with the kernel turned by
 * 180 degrees and its channels swapped.
 */
export function inputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  { strides, pad, dimRoundingMode, inputShape }: Conv2DBackpropInputAttrs,
): Tensor4D {
  const info = tf.backend_util.computeConv2DInfo(
    inputShape,
    filter.shape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const [sh, sw] = strideOf(strides);
  const [kh, kw] = filter.shape;
  const [batch, height, width] = inputShape;
  if (coversInput(inputShape, filter.shape, info.padInfo)) {
    const [, , from, to] = filter.shape;
    const columns = tf.reshape(filter, [kh * kw * from, to]);
    return tf.tidy(() =>
      tf.reshape<tf.Rank.R4>(tf.matMul(asRows(dy), tf.transpose(columns)), inputShape),
    );
  }
  return tf.tidy(() => {
    const spread = insertZeros(dy, sh, sw);
    const top = kh - 1 - info.padInfo.top;
    const left = kw - 1 - info.padInfo.left;
    const bottom = height + kh - 1 - top - spread.shape[1];
    const right = width + kw - 1 - left - spread.shape[2];
    const padded = padOrCrop(spread, top, bottom, left, right);
    const turned = tf.transpose(turn(filter), [0, 1, 3, 2]);
    const dx = tf.conv2d(padded, turned, 1, 'valid');
    return tf.reshape<tf.Rank.R4>(dx, [batch, height, width, inputShape[3]]);
  });
}

/** Whether the one window of a convolution is the whole input: then it is a matrix product. */
function coversInput(
  [, height, width]: readonly number[],
  [kh, kw]: readonly number[],
  pad: { top: number; bottom: number; left: number; right: number },
): boolean {
  const none = pad.top + pad.bottom + pad.left + pad.right === 0;
  return none && height === kh && width === kw;
}

/** [b, 1, 1, c] → [b, c] */
function asRows(dy: Tensor4D): tf.Tensor2D {
  return tf.reshape<tf.Rank.R2>(dy, [dy.shape[0], dy.shape[3]]);
}

/** Turns a kernel by 180 degrees; whole rows are copied, which `reverse` does not do on wasm. */
function turn(filter: Tensor4D): Tensor4D {
  const [kh, kw, from, to] = filter.shape;
  const backwards = Int32Array.from({ length: kh * kw }, (_, i) => kh * kw - 1 - i);
  const rows = tf.gather(tf.reshape(filter, [kh * kw, from * to]), tf.tensor1d(backwards, 'int32'));
  return tf.reshape<tf.Rank.R4>(rows, filter.shape);
}

/** [b, h, w, c] → [b, (h−1)·sh+1, (w−1)·sw+1, c] with zeros between the values. */
function insertZeros(x: Tensor4D, sh: number, sw: number): Tensor4D {
  if (sh === 1 && sw === 1) return x;
  const [b, h, w, c] = x.shape;
  const wide = tf.pad(tf.reshape(x, [b, h, 1, w, 1, c]), [
    [0, 0],
    [0, 0],
    [0, sh - 1],
    [0, 0],
    [0, sw - 1],
    [0, 0],
  ]);
  const size: Shape4 = [b, (h - 1) * sh + 1, (w - 1) * sw + 1, c];
  return tf.slice(tf.reshape<tf.Rank.R4>(wide, [b, h * sh, w * sw, c]), [0, 0, 0, 0], size);
}

function padOrCrop(
  x: Tensor4D,
  top: number,
  bottom: number,
  left: number,
  right: number,
): Tensor4D {
  const cut = (side: number): number => Math.max(0, -side);
  const add = (side: number): number => Math.max(0, side);
  const [b, h, w, c] = x.shape;
  const kept = tf.slice(
    x,
    [0, cut(top), cut(left), 0],
    [b, h - cut(top) - cut(bottom), w - cut(left) - cut(right), c],
  );
  return tf.pad(kept, [
    [0, 0],
    [add(top), add(bottom)],
    [add(left), add(right)],
    [0, 0],
  ]);
}
