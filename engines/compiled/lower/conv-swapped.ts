import { at } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int, ints } from '../onnx/attributes.js';
import { domains, type Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { isBlocked, turned } from './conv-forward.js';
import type { ConvolutionShapes } from './conv-shapes.js';
import { pad } from './pad.js';

/*
 * The gradient for a filter as a blocked convolution that takes images for channels: of one side of
 * the layer, the image, with the other as its kernel.
 */

/** The side that is the kernel: of two that come in whole blocks the one with more channels. */
function kernelSide(c: Context, { x, y }: ConvolutionShapes): 'x' | 'y' | undefined {
  if (isBlocked(c, x[3]) && (x[3] > y[3] || !isBlocked(c, y[3]))) return 'x';
  return isBlocked(c, y[3]) ? 'y' : undefined;
}

/** Whether images fill blocks of channels well, and no window lies beyond an image's edge. */
export function suitsSwapping(c: Context, shapes: ConvolutionShapes): boolean {
  const [batch] = shapes.x;
  const { kernel, pads } = shapes.window;
  return (
    kernelSide(c, shapes) !== undefined &&
    pads.every((pad, i) => pad < at(kernel, i % 2)) &&
    inBlocks(batch, c.options.block) <= 1.25 * batch
  );
}

const inBlocks = (count: number, block: number): number => Math.ceil(count / block) * block;

/** [outputs, inputs, kh, kw] */
export function bySwapping(c: Context, x: Node, dy: Node, shapes: ConvolutionShapes): Value {
  const { x: image, y: gradient, window } = shapes;
  const [kh, kw] = window.kernel;
  const [top, left] = window.pads;
  if (kernelSide(c, shapes) === 'y') {
    const sums = correlate(c, x, dy, window.kernel, [top, left]);
    return c.transpose(sums, [1, 0, 2, 3]);
  }
  // Shifts of dy against x instead of x against dy: the other way round.
  const sums = correlate(c, dy, x, window.kernel, [kh - 1 - top, kw - 1 - left]);
  const flat = c.reshape(sums, [gradient[3], image[3], kh * kw]);
  const backwards = c.graph.op('Gather', [flat, c.graph.integers(turned(window.kernel))], {
    axis: int(2),
  });
  return c.reshape(backwards, [gradient[3], image[3], kh, kw]);
}

/**
 * For each shift of the image, what its products with the kernel add up to.
 * @param kernel its channels come in whole blocks
 * @param before zeros above and to the left of the image
 * @returns [channels of image, channels of kernel, ...taps]
 */
function correlate(
  c: Context,
  image: Node,
  kernel: Node,
  [kh, kw]: readonly [number, number],
  [top, left]: readonly [number, number],
): Value {
  const { block } = c.options;
  const [batch = 0, height = 0, width = 0] = image.shape;
  const [, rows = 0, sides = 0, channels = 0] = kernel.shape;
  const missing = inBlocks(batch, block) - batch;
  const [bottom, right] = [rows + kh - 1 - height - top, sides + kw - 1 - width - left];
  // Columns of zeros are made, not left to the convolution: that computes those at the edges one by one.
  const images = pad(c, c.get(image, 'major'), [0, 0, 0, left, 0, missing, 0, right]);
  const blocks = c.reshape(c.get(kernel, 'blocked'), [
    batch,
    channels / block,
    rows * sides,
    block,
  ]);
  const whole = c.reshape(pad(c, blocks, [0, 0, 0, 0, missing, 0, 0, 0]), [
    (batch + missing) / block,
    block,
    channels / block,
    rows * sides,
    block,
  ]);
  const weights = c.reshape(c.transpose(whole, [2, 0, 3, 1, 4]), [
    channels,
    batch + missing,
    rows,
    sides,
  ]);
  const sums = c.graph.op(
    'Conv',
    [c.graph.op('ReorderInput', [images], {}, domains.blocked), weights],
    {
      kernel_shape: ints([rows, sides]),
      pads: ints([top, 0, bottom, 0]),
      strides: ints([1, 1]),
      dilations: ints([1, 1]),
    },
    domains.blocked,
  );
  return c.graph.op('ReorderOutput', [sums], { channels: int(channels) }, domains.blocked);
}
