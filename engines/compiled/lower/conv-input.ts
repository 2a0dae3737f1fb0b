import { at, four, range, sizeOf } from '../ir/shape.js';
import type { Node, Window } from '../ir/types.js';
import { int, ints } from '../onnx/attributes.js';
import { domains, type Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { isBlocked, swappedFilter, turned, windowAttributes } from './conv-forward.js';
import {
  isDense,
  isPlain,
  suitsScattering,
  type ConvolutionShapes,
  type Placed,
} from './conv-shapes.js';
import { bySubPixels, suitsSubPixels } from './conv-subpixel.js';
import * as few from './few-channels.js';
import { suitsColumns } from './im2col.js';
import * as winograd from './winograd/convolution.js';
import { tilingOf } from './winograd/tiling.js';

/**
 * Gradient of a convolution for its input; also the transposed convolution.
 * @param residual is added to it, where that can be done on the way
 */
export function inputGradient(c: Context, node: Node, window: Window, residual?: Node): Placed {
  const [dy, filter] = [at(node.inputs, 0), at(node.inputs, 1)];
  const shapes = { x: four(node.shape), y: four(dy.shape), window };
  if (isDense(shapes)) return dense(c, dy, filter, shapes);
  if (few.suitsFew(c.options, shapes)) return few.inputGradient(c, dy, filter, shapes);
  const tiling = tilingOf(c.options, shapes);
  if (tiling !== undefined) return ['spatial', winograd.inputGradient(c, dy, filter, tiling)];
  if (suitsSubPixels(c, shapes)) return bySubPixels(c, dy, filter, shapes);
  if (suitsColumns(shapes) && isHalving(shapes)) return halving(c, dy, filter, shapes);
  const scatters =
    !isBlocked(c, shapes.x[3], shapes.y[3]) &&
    suitsScattering(c.options, shapes.y, shapes.x, window);
  if (isPlain(window) && !scatters) return byConvolution(c, dy, filter, shapes, residual);
  const [height, width] = [0, 1].map((i) => {
    const axis = i === 0 ? 0 : 1;
    const covered = (at(shapes.y, 1 + i) - 1) * window.strides[axis] + window.kernel[axis];
    return at(shapes.x, 1 + i) - (covered - window.pads[axis] - at(window.pads, axis + 2));
  });
  const extra = [height ?? 0, width ?? 0];
  const [top, left, bottom, right] = window.pads;
  const cut = extra.map((n) => Math.max(0, -n));
  const pads = [top, left, bottom + at(cut, 0), right + at(cut, 1)];
  const attributes = {
    ...windowAttributes(window),
    pads: ints(pads),
    output_padding: ints(extra.map((n) => Math.max(0, n))),
  };
  const inputs = [c.get(dy, 'channels'), c.get(filter, 'filter')];
  return ['channels', c.graph.op('ConvTranspose', inputs, attributes)];
}

/** Whether `inputGradient` would add a residual on the way. */
export function takesResidual(c: Context, node: Node, window: Window): boolean {
  const [dy, filter] = [at(node.inputs, 0), at(node.inputs, 1)];
  const shapes = { x: four(node.shape), y: four(dy.shape), window };
  if (
    isDense(shapes) ||
    few.suitsFew(c.options, shapes) ||
    tilingOf(c.options, shapes) !== undefined
  )
    return false;
  if (suitsColumns(shapes) && isHalving(shapes)) return false;
  return isPlain(window) && isBlocked(c, at(filter.shape, 2), at(filter.shape, 3));
}

function dense(c: Context, dy: Node, filter: Node, { x, y }: ConvolutionShapes): Placed {
  const [batch, height, width, channels] = x;
  const outputs = y[3];
  const dx = c.graph.op('Gemm', [
    c.reshape(c.get(dy, 'channels'), [batch, outputs]),
    c.reshape(c.get(filter, 'filter'), [outputs, sizeOf(filter.shape.slice(0, 3))]),
  ]);
  return ['channels', c.reshape(dx, [batch, channels, height, width])];
}

function byConvolution(
  c: Context,
  dy: Node,
  filter: Node,
  { window }: ConvolutionShapes,
  residual: Node | undefined,
): Placed {
  const [height, width, inputs, outputs] = four(filter.shape);
  const [top, left, bottom, right] = window.pads;
  const pads = [height - 1 - top, width - 1 - left, height - 1 - bottom, width - 1 - right];
  const attributes = { kernel_shape: ints(window.kernel), pads: ints(pads) };
  if (isBlocked(c, inputs, outputs)) {
    const { block } = c.options;
    const turn = c.graph.integers(turned(filter.shape));
    const flat = c.get(filter, 'filter');
    const split = [outputs / block, block, inputs / block, block, height * width];
    // [I/b, O/b, kh·kw, o, i]: inputs and outputs have changed roles.
    const swapped = c.transpose(c.reshape(flat, split), [2, 0, 4, 1, 3]);
    const weights = c.reshape(c.graph.op('Gather', [swapped, turn], { axis: int(2) }), [
      inputs,
      outputs,
      height,
      width,
    ]);
    const sum = residual === undefined ? [] : ['', c.get(residual, 'blocked')];
    const operands = [c.get(dy, 'blocked'), weights, ...sum];
    return ['blocked', c.graph.op('Conv', operands, attributes, domains.blocked)];
  }
  const operands = [c.get(dy, 'channels'), swappedFilter(c, filter)];
  return ['channels', c.graph.op('Conv', operands, attributes)];
}

/** Stride 2 with an even kernel and padding 1, to exactly half the size. */
function isHalving({ x, y, window }: ConvolutionShapes): boolean {
  return (
    window.strides.every((s) => s === 2) &&
    window.kernel.every((k) => k % 2 === 0) &&
    window.pads[0] === 1 &&
    window.pads[1] === 1 &&
    x[1] === 2 * y[1] &&
    x[2] === 2 * y[2]
  );
}

/**
 * One matrix product gives every window's contribution; contributions of one parity of row and
 * column lie on a grid of half the size, so four sums and one interleaving put them together.
 */
function halving(c: Context, dy: Node, filter: Node, { x, y, window }: ConvolutionShapes): Placed {
  const [batch, height, width, channels] = x;
  const [, rows, sides, outputs] = y;
  const [kh, kw] = window.kernel;
  const [halfHeight, halfWidth] = [rows + kh / 2 - 1, sides + kw / 2 - 1];
  const product = c.graph.op(
    'Gemm',
    [
      c.reshape(c.get(filter, 'filter'), [outputs, channels * kh * kw]),
      c.reshape(c.get(dy, 'major'), [outputs, batch * rows * sides]),
    ],
    { transA: int(1) },
  );
  const parts = c.graph.ops(
    'Split',
    [c.reshape(product, [channels, kh * kw, batch * rows * sides])],
    kh * kw,
    { axis: int(1) },
  );
  const place = (value: Value, i: number, j: number): Value =>
    c.graph.op('Pad', [
      c.reshape(value, [channels, batch, rows, sides]),
      c.graph.integers([0, 0, i, j, 0, 0, halfHeight - rows - i, halfWidth - sides - j]),
    ]);
  const grids = range(2).flatMap((p) =>
    range(2).map((q) => {
      const terms = range(kh / 2).flatMap((i) =>
        range(kw / 2).map((j) => place(at(parts, (p + 2 * i) * kw + q + 2 * j), i, j)),
      );
      const sum = terms.reduce((a, b) => c.graph.op('Add', [a, b]));
      return c.reshape(sum, [1, channels, batch, halfHeight, halfWidth]);
    }),
  );
  const stack = c.reshape(c.graph.op('Concat', grids, { axis: int(0) }), [
    2,
    2,
    channels,
    batch,
    halfHeight,
    halfWidth,
  ]);
  const whole = c.reshape(c.transpose(stack, [3, 2, 4, 0, 5, 1]), [
    batch,
    channels,
    2 * halfHeight,
    2 * halfWidth,
  ]);
  const bounds = [
    [1, 1],
    [1 + height, 1 + width],
    [2, 3],
  ].map((list) => c.graph.integers(list));
  return ['channels', c.graph.op('Slice', [whole, ...bounds])];
}
