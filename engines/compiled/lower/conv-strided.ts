import { range, sizeOf } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import type { ConvolutionShapes } from './conv-shapes.js';
import type { LoweringOptions } from './options.js';
import { pad, slice } from './pad.js';

/*
 * The gradient for the filter of a strided convolution. Positions of x whose rows and columns have one
 * remainder by the strides are one image, a phase. All taps of the filter that fall on it meet it at
 * whole shifts, so that each shift of dy takes one matrix product with all phases. The side with fewer
 * numbers is shifted. Slices with a stride would copy one number at a time.
 */

/** How much larger a phase may be than dy: zeros at its edges are multiplied too. */
const mostZeros = 1.35;

interface Phases {
  readonly strides: readonly [number, number];
  /** Shifts of dy, down and across: the kernel's sides in strides. */
  readonly shifts: readonly [number, number];
  /** Rows and columns of a phase. */
  readonly sides: readonly [number, number];
}

function phasesOf({ y, window: { kernel, strides } }: ConvolutionShapes): Phases {
  const shifts = [Math.ceil(kernel[0] / strides[0]), Math.ceil(kernel[1] / strides[1])] as const;
  return { strides, shifts, sides: [y[1] + shifts[0] - 1, y[2] + shifts[1] - 1] };
}

/** Whether that is less work than columns for every tap. */
export function suitsPhases({ portable }: LoweringOptions, shapes: ConvolutionShapes): boolean {
  const { y, window } = shapes;
  const { sides } = phasesOf(shapes);
  return (
    portable !== true &&
    window.dilations.every((d) => d === 1) &&
    window.strides.some((s) => s > 1) &&
    window.pads[0] < window.kernel[0] &&
    window.pads[1] < window.kernel[1] &&
    sizeOf(sides) <= mostZeros * y[1] * y[2]
  );
}

/** [outputs, inputs, kh, kw] */
export function byPhases(c: Context, x: Node, dy: Node, shapes: ConvolutionShapes): Value {
  const [kh, kw] = shapes.window.kernel;
  const [channels, outputs] = [shapes.x[3], shapes.y[3]];
  const phases = phasesOf(shapes);
  const [down, across] = phases.shifts;
  const [sh, sw] = phases.strides;
  const pairs = shiftedPairs(c, dy, inPhases(c, x, shapes, phases), shapes, phases);
  const products = pairs.map((pair) => {
    const product = c.graph.op('Gemm', pair, { transB: int(1) });
    return c.reshape(product, [1, outputs, channels * sh * sw]);
  });
  const all = products.length > 1 ? c.graph.op('Concat', products, { axis: int(0) }) : products[0];
  const apart = c.reshape(all ?? '', [down, across, outputs, channels, sh, sw]);
  const filter = c.reshape(c.transpose(apart, [2, 3, 0, 4, 1, 5]), [
    ...[outputs, channels],
    ...[down * sh, across * sw],
  ]);
  if (down * sh === kh && across * sw === kw) return filter;
  return slice(c, filter, [0, 0], [kh, kw], [2, 3]);
}

/** [channels · phases, batch · positions of a phase] */
function inPhases(c: Context, x: Node, shapes: ConvolutionShapes, phases: Phases): Value {
  const [batch, height, width, channels] = shapes.x;
  const [top, left] = shapes.window.pads;
  const [sh, sw] = phases.strides;
  const [rows, columns] = phases.sides;
  const far = [rows * sh - height - top, columns * sw - width - left] as const;
  // What lies beyond the last window is cut off.
  const pads = [0, 0, top, left, 0, 0, ...far];
  let image = pad(c, c.get(x, 'major'), pads);
  // One side at a time: the library moves a single side fast.
  if (sw > 1) {
    image = c.reshape(image, [channels, batch * rows * sh * columns, sw]);
    image = c.transpose(image, [0, 2, 1]);
  }
  if (sh > 1) {
    image = c.reshape(image, [channels * sw, batch * rows, sh, columns]);
    image = c.transpose(image, [0, 2, 1, 3]);
    image = c.reshape(image, [channels, sw, sh, batch * rows * columns]);
    image = c.transpose(image, [0, 2, 1, 3]);
  }
  return c.reshape(image, [channels * sh * sw, batch * rows * columns]);
}

/** For each shift: dy, [outputs, positions], and phases, [channels · phases, positions]. */
function shiftedPairs(
  c: Context,
  dy: Node,
  image: Value,
  { x, y }: ConvolutionShapes,
  { shifts, strides, sides }: Phases,
): [Value, Value][] {
  const [batch, rows, columns, outputs] = y;
  const images = x[3] * sizeOf(strides);
  const [down, across] = shifts;
  const source = c.get(dy, 'major');
  const pairs = range(down).flatMap((i) => range(across).map((j) => [i, j] as const));
  if (images < outputs) {
    const phases = c.reshape(image, [images, batch, ...sides]);
    const flat = c.reshape(source, [outputs, batch * rows * columns]);
    return pairs.map(([i, j]) => {
      const part = slice(c, phases, [i, j], [rows, columns], [2, 3]);
      return [flat, c.reshape(part, [images, batch * rows * columns])];
    });
  }
  return pairs.map(([i, j]) => {
    const part = pad(c, source, [0, 0, i, j, 0, 0, down - 1 - i, across - 1 - j]);
    return [c.reshape(part, [outputs, batch * sizeOf(sides)]), image];
  });
}
