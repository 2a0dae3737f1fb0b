import { at, four, range } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int, ints } from '../onnx/attributes.js';
import { domains, type Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { isBlocked } from './conv-forward.js';
import { type ConvolutionShapes, type Placed } from './conv-shapes.js';

/** Positions of dy over the whole batch from which preparing four filters pays. */
const manyPositions = 1024;

/** One parity of rows or columns of x: which offsets of the kernel reach it, and from where. */
interface Parity {
  /** Offsets in the kernel, in the order in which they meet dy. */
  readonly taps: readonly number[];
  readonly before: number;
  readonly after: number;
}

/** Whether the gradient of a strided convolution for its input is worth one convolution a parity. */
export function suitsSubPixels(c: Context, shapes: ConvolutionShapes): boolean {
  const { x, y, window } = shapes;
  const [sh, sw] = window.strides;
  return (
    sh === sw &&
    sh > 1 &&
    window.dilations.every((d) => d === 1) &&
    window.kernel.every((k) => k >= sh) &&
    x[1] % sh === 0 &&
    x[2] % sw === 0 &&
    isBlocked(c, x[3], y[3]) &&
    y[0] * y[1] * y[2] >= manyPositions &&
    [...parities(shapes, 0), ...parities(shapes, 1)].every((p) => p.before >= 0 && p.after >= 0)
  );
}

/**
 * Rows u = s·i + a of x with the same a see the same offsets k of the kernel, those for which
 * a + pad − k is a multiple of s, at rows i + (a + pad − k)/s of dy.
 */
function parities({ x, y, window }: ConvolutionShapes, axis: 0 | 1): Parity[] {
  const [stride, pad, kernel] = [window.strides[axis], window.pads[axis], window.kernel[axis]];
  const count = at(x, 1 + axis) / stride;
  return range(stride).map((a) => {
    const taps = range(kernel)
      .filter((k) => (a + pad - k) % stride === 0)
      .reverse();
    const first = (a + pad - at(taps, 0)) / stride;
    const last = first + taps.length - 1;
    return { taps, before: -first, after: count + last - at(y, 1 + axis) };
  });
}

/**
 * Sub-pixel convolution (Shi et al. 2016, section 3.2): dy is convolved once for each parity of row
 * and column of x, with that part of the filter which meets it; the results are interleaved.
 */
export function bySubPixels(c: Context, dy: Node, filter: Node, shapes: ConvolutionShapes): Placed {
  const { block } = c.options;
  const [batch, height, width] = shapes.x;
  const [kh, kw, inputs, outputs] = four(filter.shape);
  const stride = shapes.window.strides[0];
  const [rows, sides] = [height / stride, width / stride];
  const split = [outputs / block, block, inputs / block, block, kh, kw];
  // [I/b, O/b, kh, kw, o, i]: inputs and outputs have changed roles.
  const weights = c.transpose(c.reshape(c.get(filter, 'filter'), split), [2, 0, 4, 5, 1, 3]);
  const source = c.get(dy, 'blocked');
  const pick = (value: Value, taps: readonly number[], axis: number): Value =>
    c.graph.op('Gather', [value, c.graph.integers(taps)], { axis: int(axis) });
  const lines = parities(shapes, 0).map((vertical) => {
    const some = pick(weights, vertical.taps, 2);
    const pixels = parities(shapes, 1).map((horizontal) => {
      const kernel = [vertical.taps.length, horizontal.taps.length];
      const part = c.reshape(pick(some, horizontal.taps, 3), [inputs, outputs, ...kernel]);
      const attributes = {
        kernel_shape: ints(kernel),
        pads: ints([vertical.before, horizontal.before, vertical.after, horizontal.after]),
      };
      const image = c.graph.op('Conv', [source, part], attributes, domains.blocked);
      // Blocks of channels are innermost in memory.
      return c.reshape(image, [(batch * inputs * rows) / block, sides, 1, block]);
    });
    const line = c.graph.op('Concat', pixels, { axis: int(2) });
    return c.reshape(line, [(batch * inputs * rows) / block, 1, width * block]);
  });
  const image = c.graph.op('Concat', lines, { axis: int(1) });
  return ['blocked', c.reshape(image, [batch, inputs, height, width])];
}
