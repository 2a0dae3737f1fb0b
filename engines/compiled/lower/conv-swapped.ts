import { at, range } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int, ints } from '../onnx/attributes.js';
import { domains, type Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { isBlocked, turned } from './conv-forward.js';
import { isPlain, type ConvolutionShapes } from './conv-shapes.js';
import { pad, slice } from './pad.js';

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
  return (
    kernelSide(c, shapes) !== undefined &&
    isPlain(shapes.window) &&
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
  const right = sides + kw - 1 - width - left;
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
  const bytes = 4 * (batch + missing) * rows * sides * Math.min(channels, filterSet * block);
  const parts = inPieces(rows, bytes).map(([from, to]) => {
    const first = Math.max(0, from - top);
    const last = Math.min(height, to + kh - 1 - top);
    const some = cut(c, images, 2, [first, last], height);
    const taps = cut(c, whole, 3, [from * sides, to * sides], rows * sides);
    const weights = c.reshape(c.transpose(taps, [2, 0, 3, 1, 4]), [
      ...[channels, batch + missing],
      ...[to - from, sides],
    ]);
    const pads = [first - (from - top), 0, to + kh - 1 - top - last, 0];
    return c.graph.op(
      'Conv',
      [c.graph.op('ReorderInput', [some], {}, domains.blocked), weights],
      {
        kernel_shape: ints([to - from, sides]),
        pads: ints(pads),
        strides: ints([1, 1]),
        dilations: ints([1, 1]),
      },
      domains.blocked,
    );
  });
  const sums = parts.length > 1 ? c.graph.op('Sum', parts) : at(parts, 0);
  return c.graph.op('ReorderOutput', [sums], { channels: int(channels) }, domains.blocked);
}

/** Blocks of the kernel's channels that the library goes through at once, for one block of the image's. */
const filterSet = 4;
/** Bytes of a kernel that stay in a core's cache, where it is read again for each row of each image. */
const cached = 2 ** 21;
/** Bytes of a piece of a kernel that does not: it shares the cache with the image. */
const pieceSize = 2 ** 20;

/** Rows of a kernel that are convolved at a time: from, to. */
function inPieces(rows: number, bytes: number): [number, number][] {
  const count = bytes > cached ? Math.min(rows, Math.ceil(bytes / pieceSize)) : 1;
  return range(count).map((i) => [
    Math.round((i * rows) / count),
    Math.round(((i + 1) * rows) / count),
  ]);
}

function cut(
  c: Context,
  value: Value,
  axis: number,
  [from, to]: readonly [number, number],
  size: number,
): Value {
  if (from === 0 && to === size) return value;
  return slice(c, value, [from], [to - from], [axis]);
}
