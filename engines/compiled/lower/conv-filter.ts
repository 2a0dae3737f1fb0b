import { at, four, range } from '../ir/shape.js';
import type { Node, Window } from '../ir/types.js';
import { int, ints } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { turned } from './conv-forward.js';
import { isDense, isPlain, isSimple, type ConvolutionShapes, type Placed } from './conv-shapes.js';
import { byPhases, suitsPhases } from './conv-strided.js';
import { bySwapping, suitsSwapping } from './conv-swapped.js';
import * as few from './few-channels.js';
import { columns, suitsColumns } from './im2col.js';
import * as winograd from './winograd/convolution.js';
import { tilingOf } from './winograd/tiling.js';

/** A side of so few channels is not worth a large matrix product against many channels. */
const fewChannels = 2;
const manyChannels = 64;

/** Gradient of a convolution for its filter. */
export function filterGradient(c: Context, node: Node, window: Window): Placed {
  const [x, dy] = [at(node.inputs, 0), at(node.inputs, 1)];
  const shapes = { x: four(x.shape), y: four(dy.shape), window };
  if (few.suitsFew(c.options, shapes)) return few.filterGradient(c, x, dy, shapes);
  const tiling = tilingOf(c.options, shapes);
  if (tiling !== undefined) return ['filter', winograd.filterGradient(c, x, dy, tiling)];
  return ['filter', direct(c, x, dy, shapes)];
}

function direct(c: Context, x: Node, dy: Node, shapes: ConvolutionShapes): Value {
  const { window } = shapes;
  const [fewer, more] = [shapes.x[3], shapes.y[3]].sort((a, b) => a - b);
  const few = (fewer ?? 0) <= fewChannels && (more ?? 0) >= manyChannels;
  const plain = isSimple(window);
  if (isDense(shapes)) return dense(c, x, dy, shapes);
  if (!plain) {
    const strided = suitsPhases(c.options, shapes) && !suitsColumns(shapes);
    return strided ? byPhases(c, x, dy, shapes) : byColumns(c, x, dy, shapes);
  }
  if (few && isPlain(window)) {
    return shapes.y[3] < shapes.x[3] ? byImage(c, x, dy, shapes) : byGradient(c, x, dy, shapes);
  }
  if (suitsSwapping(c, shapes)) return bySwapping(c, x, dy, shapes);
  // Rows of x that no window centres on are wasted work in the first of these.
  return shapes.x[1] / shapes.y[1] <= 1.6
    ? byShiftedRows(c, x, dy, shapes)
    : byVolume(c, x, dy, shapes);
}

/** Padding below and to the right that the windows need. */
function farPads({ x, y, window }: ConvolutionShapes): [number, number] {
  return [
    window.kernel[0] - 1 + y[1] - x[1] - window.pads[0],
    window.kernel[1] - 1 + y[2] - x[2] - window.pads[1],
  ];
}

function dense(c: Context, x: Node, dy: Node, { x: image, y, window }: ConvolutionShapes): Value {
  const [batch, height, width, channels] = image;
  const product = c.graph.op(
    'Gemm',
    [
      c.reshape(c.get(dy, 'channels'), [batch, y[3]]),
      c.reshape(c.get(x, 'channels'), [batch, channels * height * width]),
    ],
    { transA: int(1) },
  );
  return c.reshape(product, [y[3], channels, ...window.kernel]);
}

/** One matrix product over explicit columns. */
function byColumns(c: Context, x: Node, dy: Node, shapes: ConvolutionShapes): Value {
  const [batch, rows, sides, outputs] = shapes.y;
  const flat = c.reshape(c.get(dy, 'major'), [outputs, batch * rows * sides]);
  const product = c.graph.op('Gemm', [flat, columns(c, x, shapes)], { transB: int(1) });
  return c.reshape(product, [outputs, shapes.x[3], ...shapes.window.kernel]);
}

/**
 * One convolution over x seen as an image of height channels · rows and batch channels, with
 * stride `rows`; its kernel are kh copies of dy, shifted row by row, made by one Gather.
 */
function byShiftedRows(c: Context, x: Node, dy: Node, shapes: ConvolutionShapes): Value {
  const [batch, height, width, channels] = shapes.x;
  const [, rows, sides, outputs] = shapes.y;
  const [kh, kw] = shapes.window.kernel;
  const [top, left] = shapes.window.pads;
  const zeroRow = batch * outputs * rows;
  const zeros = c.graph.tensor(new Float32Array(sides), [1, sides], 'float32');
  const table = c.graph.op('Concat', [c.reshape(c.get(dy, 'channels'), [zeroRow, sides]), zeros], {
    axis: int(0),
  });
  const index = new Int32Array(kh * outputs * batch * height);
  let position = 0;
  for (const i of range(kh)) {
    for (const o of range(outputs)) {
      for (const b of range(batch)) {
        for (const r of range(height)) {
          const row = r + top - i;
          const outside = row < 0 || row >= rows;
          index[position++] = outside ? zeroRow : (b * outputs + o) * rows + row;
        }
      }
    }
  }
  const shifted = c.graph.op('Gather', [table, sharedIndex(c, index)], { axis: int(0) });
  const kernel = c.reshape(shifted, [kh * outputs, batch, height, sides]);
  const image = c.reshape(c.get(x, 'channels'), [1, batch, channels * height, width]);
  const gradient = c.graph.op('Conv', [image, kernel], {
    kernel_shape: ints([height, sides]),
    strides: ints([height, 1]),
    pads: ints([0, left, 0, farPads(shapes)[1]]),
  });
  return c.transpose(c.reshape(gradient, [kh, outputs, channels, kw]), [1, 2, 0, 3]);
}

/** Layers of one shape share their table of indices. */
function sharedIndex(c: Context, index: Int32Array): Value {
  const key = Buffer.from(index.buffer).toString('latin1');
  return c.shared(`index ${key}`, () => c.graph.tensor(index, [index.length], 'int32'));
}

/** dy is the image, x the kernel. */
function byImage(c: Context, x: Node, dy: Node, shapes: ConvolutionShapes): Value {
  const [, height, width, channels] = shapes.x;
  const [, rows, sides, outputs] = shapes.y;
  const [kh, kw] = shapes.window.kernel;
  const before = [kh - 1 - shapes.window.pads[0], kw - 1 - shapes.window.pads[1]] as const;
  const pads = [...before, height + kh - 1 - rows - before[0], width + kw - 1 - sides - before[1]];
  const kernel = c.transpose(c.get(x, 'channels'), [1, 0, 2, 3]);
  const gradient = c.graph.op('Conv', [c.get(dy, 'major'), kernel], {
    kernel_shape: ints([height, width]),
    pads: ints(pads),
  });
  const flat = c.reshape(gradient, [outputs, channels, kh * kw]);
  const turn = c.graph.integers(turned([kh, kw]));
  const backwards = c.graph.op('Gather', [flat, turn], { axis: int(2) });
  return c.reshape(backwards, [outputs, channels, kh, kw]);
}

/** x is the image, dy the kernel. */
function byGradient(c: Context, x: Node, dy: Node, shapes: ConvolutionShapes): Value {
  const [top, left] = shapes.window.pads;
  const image = c.transpose(c.get(x, 'channels'), [1, 0, 2, 3]);
  const gradient = c.graph.op('Conv', [image, c.get(dy, 'major')], {
    kernel_shape: ints([shapes.y[1], shapes.y[2]]),
    pads: ints([top, left, ...farPads(shapes)]),
  });
  return c.transpose(gradient, [1, 0, 2, 3]);
}

/** As a convolution in three dimensions, over the batch as channels. */
function byVolume(c: Context, x: Node, dy: Node, shapes: ConvolutionShapes): Value {
  const [batch, height, width, channels] = shapes.x;
  const [, rows, sides, outputs] = shapes.y;
  const [top, left] = shapes.window.pads;
  const [bottom, right] = farPads(shapes);
  const image = c.reshape(c.get(x, 'channels'), [1, batch, channels, height, width]);
  const kernel = c.reshape(c.get(dy, 'major'), [outputs, batch, 1, rows, sides]);
  const gradient = c.graph.op('Conv', [image, kernel], {
    kernel_shape: ints([1, rows, sides]),
    pads: ints([0, top, left, 0, bottom, right]),
  });
  return c.reshape(gradient, [outputs, channels, ...shapes.window.kernel]);
}
