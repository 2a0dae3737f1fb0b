import { at, four, range, sizeOf } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import {
  isDense,
  isPlain,
  manyChannels,
  type ConvolutionShapes,
  type Placed,
} from './conv-shapes.js';
import type { LoweringOptions } from './options.js';
import { pad, slice } from './pad.js';

/*
 * Convolutions between few and many channels, as one matrix product in the layout `spatial`: the
 * side of few channels is cheap to copy for each tap of the kernel.
 */

const fewChannels = 4;

/** Whether these are worth it: only among convolutions that leave their images in `spatial`. */
export function suitsFew(options: LoweringOptions, shapes: ConvolutionShapes): boolean {
  const { x, y, window } = shapes;
  const [fewer, more] = [Math.min(x[3], y[3]), Math.max(x[3], y[3])];
  return (
    options.winograd === true &&
    !isDense(shapes) &&
    fewer <= fewChannels &&
    more >= manyChannels &&
    isPlain(window)
  );
}

export function forward(
  c: Context,
  x: Node,
  filter: Node,
  shapes: ConvolutionShapes,
  bias: readonly Value[],
): Placed {
  const [kh, kw, inputs, outputs] = four(filter.shape);
  const { x: image, y } = shapes;
  const [batch, rows, sides] = y;
  if (inputs < outputs) {
    const weights = c.reshape(c.get(filter), [kh * kw * inputs, outputs]);
    const product = c.graph.op('Gemm', [columns(c, x, shapes, 'forward'), weights, ...bias]);
    return ['spatial', c.reshape(product, [rows, sides, batch, outputs])];
  }
  const weights = c.reshape(c.transpose(c.get(filter), [0, 1, 3, 2]), [kh * kw * outputs, inputs]);
  const flat = c.reshape(c.get(x, 'spatial'), [sizeOf(image.slice(0, 3)), inputs]);
  const product = c.graph.op('Gemm', [weights, flat], { transB: int(1) });
  const sum = gather(c, product, shapes, 'forward', outputs);
  const vector = bias.map((value) => c.reshape(value, [1, outputs, 1, 1]));
  return ['channels', vector.reduce((a, b) => c.graph.op('Add', [a, b]), sum)];
}

export function inputGradient(
  c: Context,
  dy: Node,
  filter: Node,
  shapes: ConvolutionShapes,
): Placed {
  const [kh, kw, inputs, outputs] = four(filter.shape);
  const { x: image, y } = shapes;
  const [batch, height, width] = image;
  if (outputs < inputs) {
    const swapped = c.transpose(c.get(filter), [0, 1, 3, 2]);
    const weights = c.reshape(swapped, [kh * kw * outputs, inputs]);
    const product = c.graph.op('Gemm', [columns(c, dy, shapes, 'backward'), weights]);
    return ['spatial', c.reshape(product, [height, width, batch, inputs])];
  }
  const weights = c.reshape(c.get(filter), [kh * kw * inputs, outputs]);
  const flat = c.reshape(c.get(dy, 'spatial'), [sizeOf(y.slice(0, 3)), outputs]);
  const product = c.graph.op('Gemm', [weights, flat], { transB: int(1) });
  return ['channels', gather(c, product, shapes, 'backward', inputs)];
}

export function filterGradient(c: Context, x: Node, dy: Node, shapes: ConvolutionShapes): Placed {
  const [kh, kw] = shapes.window.kernel;
  const [inputs, outputs] = [shapes.x[3], shapes.y[3]];
  const flat = (node: Node): Value =>
    c.reshape(c.get(node, 'spatial'), [sizeOf(node.shape.slice(0, 3)), at(node.shape, 3)]);
  if (inputs < outputs) {
    const operands = [columns(c, x, shapes, 'forward'), flat(dy)];
    const product = c.graph.op('Gemm', operands, { transA: int(1) });
    return ['logical', c.reshape(product, [kh, kw, inputs, outputs])];
  }
  const operands = [columns(c, dy, shapes, 'backward'), flat(x)];
  const product = c.graph.op('Gemm', operands, { transA: int(1) });
  return ['logical', c.transpose(c.reshape(product, [kh, kw, outputs, inputs]), [0, 1, 3, 2])];
}

/** From x to y, or from y to x. */
type Direction = 'forward' | 'backward';

interface Walk {
  readonly from: readonly [number, number, number, number];
  readonly to: readonly [number, number, number, number];
  /** Zeros around `from`: top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  /** For each tap of the kernel, row by row, where its slice begins in the padded image. */
  readonly starts: readonly (readonly [number, number])[];
}

function walk({ x, y, window }: ConvolutionShapes, direction: Direction): Walk {
  const [kh, kw] = window.kernel;
  const [from, to] = direction === 'forward' ? [x, y] : [y, x];
  const [top, left] = window.pads;
  const before = direction === 'forward' ? [top, left] : [kh - 1 - top, kw - 1 - left];
  const after = [0, 1].map((i) => {
    const k = at(window.kernel, i);
    return Math.max(0, at(to, 1 + i) + k - 1 - at(from, 1 + i) - at(before, i));
  });
  const taps = range(kh).flatMap((i) => range(kw).map((j) => [i, j] as const));
  const starts = taps.map(([i, j]) =>
    direction === 'forward' ? ([i, j] as const) : ([kh - 1 - i, kw - 1 - j] as const),
  );
  return { from, to, pads: [at(before, 0), at(before, 1), at(after, 0), at(after, 1)], starts };
}

/** [positions, taps · channels]: for each position of the result, what each tap meets. */
function columns(c: Context, node: Node, shapes: ConvolutionShapes, direction: Direction): Value {
  const key = `few ${node.id} ${direction} ${JSON.stringify(shapes.window)}`;
  return c.shared(key, () => {
    const { from, to, pads, starts } = walk(shapes, direction);
    const [top, left, bottom, right] = pads;
    const padded = pad(c, c.get(node, 'spatial'), [top, left, 0, 0, bottom, right, 0, 0]);
    const slices = starts.map(([i, j]) => slice(c, padded, [i, j], [to[1], to[2]], [0, 1]));
    const stacked = slices.length > 1 ? c.graph.op('Concat', slices, { axis: int(3) }) : slices[0];
    return c.reshape(stacked ?? '', [to[0] * to[1] * to[2], starts.length * from[3]]);
  });
}

/**
 * The reverse: sums what each tap contributes.
 * @param product [taps · channels, positions]
 * @returns in the layout `channels`
 */
function gather(
  c: Context,
  product: Value,
  shapes: ConvolutionShapes,
  direction: Direction,
  channels: number,
): Value {
  const { from, to, pads, starts } = walk(shapes, direction);
  const [batch, height, width] = from;
  const [top, left, bottom, right] = pads;
  const planes = c.reshape(product, [starts.length * channels, height, width, batch]);
  const padded = pad(c, planes, [0, top, left, 0, 0, bottom, right, 0]);
  const parts = starts.map(([i, j], tap) =>
    slice(c, padded, [tap * channels, i, j], [channels, to[1], to[2]], [0, 1, 2]),
  );
  const sum = parts.length > 1 ? c.graph.op('Sum', parts) : at(parts, 0);
  return c.transpose(sum, [3, 0, 1, 2]);
}
