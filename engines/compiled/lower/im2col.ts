import { range } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import type { ConvolutionShapes } from './conv-shapes.js';

/** Positions of the output up to which one matrix product beats the convolution. */
const fewPositions = 16;
/** … with at least as many weights for each offset of the kernel. */
const manyWeights = 65536;

/** Whether forward and backward are faster as matrix products over explicit columns. */
export function suitsColumns({ x, y, window }: ConvolutionShapes): boolean {
  const positions = y[1] * y[2];
  return (
    window.dilations.every((d) => d === 1) &&
    positions > 1 &&
    positions <= fewPositions &&
    x[3] * y[3] >= manyWeights
  );
}

/**
 * [channels · kh · kw, batch · positions]: for each output position, what its window sees.
 * Made once for forward and backward.
 */
export function columns(c: Context, x: Node, shapes: ConvolutionShapes): Value {
  const key = `columns ${x.id} ${JSON.stringify(shapes.window)}`;
  return c.shared(key, () => makeColumns(c, x, shapes));
}

function makeColumns(c: Context, x: Node, { x: image, y, window }: ConvolutionShapes): Value {
  const [batch, height, width, channels] = image;
  const [, rows, sides] = y;
  const [kh, kw] = window.kernel;
  const [sh, sw] = window.strides;
  const [top, left] = window.pads;
  const reach = [kh + sh * (rows - 1), kw + sw * (sides - 1)] as const;
  const pads = [0, 0, top, left, 0, 0, reach[0] - height - top, reach[1] - width - left];
  const enough = pads.map((pad) => Math.max(0, pad));
  let source = c.get(x, 'major');
  if (enough.some((pad) => pad > 0)) {
    source = c.graph.op('Pad', [source, c.graph.integers(enough)]);
  }
  const slices = range(kh).flatMap((i) =>
    range(kw).map((j) => {
      const part = c.graph.op('Slice', [
        source,
        c.graph.integers([i, j]),
        c.graph.integers([i + sh * (rows - 1) + 1, j + sw * (sides - 1) + 1]),
        c.graph.integers([2, 3]),
        c.graph.integers([sh, sw]),
      ]);
      return c.reshape(part, [channels, 1, batch * rows * sides]);
    }),
  );
  const stacked = slices.length > 1 ? c.graph.op('Concat', slices, { axis: int(1) }) : slices[0];
  return c.reshape(stacked ?? '', [channels * kh * kw, batch * rows * sides]);
}
