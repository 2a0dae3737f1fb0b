import { at, four, pick, sizeOf } from '../ir/shape.js';
import type { Node, Window } from '../ir/types.js';
import { int, ints, type Attributes } from '../onnx/attributes.js';
import { domains, type Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { isDense, suitsScattering, type Placed } from './conv-shapes.js';
import * as few from './few-channels.js';
import { columns, suitsColumns } from './im2col.js';
import { forward } from './winograd/convolution.js';
import { tilingOf } from './winograd/tiling.js';

/** Whether channels come in whole blocks of the CPU's blocked layout. */
export function isBlocked(c: Context, ...channels: readonly number[]): boolean {
  const { block } = c.options;
  return block > 1 && channels.every((n) => n % block === 0);
}

export function windowAttributes({ kernel, pads, strides, dilations }: Window): Attributes {
  return {
    kernel_shape: ints(kernel),
    pads: ints(pads),
    strides: ints(strides),
    dilations: ints(dilations),
  };
}

/**
 * y = conv(x, filter) (+ bias).
 * @param bias a value of shape [channels]
 */
export function convolve(c: Context, node: Node, window: Window, bias?: Value): Placed {
  const [image, filter] = [at(node.inputs, 0), at(node.inputs, 1)];
  const shapes = { x: four(image.shape), y: four(node.shape), window };
  const [batch, , , inputs] = shapes.x;
  const [, rows, sides, outputs] = shapes.y;
  const biases = bias === undefined ? [] : [bias];
  const flatFilter = (): Value =>
    c.reshape(c.get(filter, 'filter'), [outputs, sizeOf(filter.shape.slice(0, 3))]);
  if (isDense(shapes)) {
    const flat = c.reshape(c.get(image, 'channels'), [batch, sizeOf(image.shape.slice(1))]);
    const y = c.graph.op('Gemm', [flat, flatFilter(), ...biases], { transB: int(1) });
    return ['channels', c.reshape(y, [batch, outputs, 1, 1])];
  }
  if (suitsColumns(shapes)) {
    const column = biases.map((value) => c.reshape(value, [outputs, 1]));
    const y = c.graph.op('Gemm', [flatFilter(), columns(c, image, shapes), ...column]);
    return ['major', c.reshape(y, [outputs, batch, rows, sides])];
  }
  if (few.suitsFew(c.options, shapes)) return few.forward(c, image, filter, shapes, biases);
  const tiling = tilingOf(c.options, shapes);
  if (tiling !== undefined) {
    const y = forward(c, image, filter, tiling);
    return ['spatial', biases.reduce((sum, value) => c.graph.op('Add', [sum, value]), y)];
  }
  if (isBlocked(c, inputs, outputs)) {
    const weights = blockFilter(c, filter);
    const y = c.graph.op(
      'Conv',
      [c.get(image, 'blocked'), weights, ...biases],
      windowAttributes(window),
      domains.blocked,
    );
    return ['blocked', y];
  }
  if (suitsScattering(c.options, shapes.x, shapes.y, window)) {
    const { kernel, pads } = window;
    const attributes = {
      kernel_shape: ints(kernel),
      pads: ints(pads.map((pad, i) => at(kernel, i % 2) - 1 - pad)),
    };
    const operands = [c.get(image, 'channels'), swappedFilter(c, filter), ...biases];
    return ['channels', c.graph.op('ConvTranspose', operands, attributes)];
  }
  const y = c.graph.op(
    'Conv',
    [c.get(image, 'channels'), c.get(filter, 'filter'), ...biases],
    windowAttributes(window),
  );
  return ['channels', y];
}

/** A filter for the way back, [inputs, outputs, kh, kw]: turned by 180 degrees. */
export function swappedFilter(c: Context, filter: Node): Value {
  const [height, width, inputs, outputs] = four(filter.shape);
  const rows = c.reshape(c.get(filter, 'filter'), [outputs, inputs, height * width]);
  const turn = c.graph.integers(turned(filter.shape));
  const backwards = c.graph.op('Gather', [rows, turn], { axis: int(2) });
  return c.reshape(c.transpose(backwards, [1, 0, 2]), [inputs, outputs, height, width]);
}

/** The filter as blocked convolutions read it: [O/b, I/b, kh, kw, i, o]. */
function blockFilter(c: Context, filter: Node): Value {
  const { block } = c.options;
  const [height, width, inputs, outputs] = four(filter.shape);
  const split = [outputs / block, block, inputs / block, block, height * width];
  const moved = c.transpose(c.reshape(c.get(filter, 'filter'), split), [0, 2, 4, 3, 1]);
  return c.reshape(moved, [outputs, inputs, height, width]);
}

/** Depthwise: one group of `multiplier` filters for each input channel. */
export function convolveDepthwise(c: Context, node: Node, window: Window): Placed {
  const [image, filter] = [at(node.inputs, 0), at(node.inputs, 1)];
  const [height, width, channels, multiplier] = four(filter.shape);
  // HWIM → I·M, 1, H, W
  const weights = c.reshape(c.transpose(c.get(filter), [2, 3, 0, 1]), [
    channels * multiplier,
    1,
    height,
    width,
  ]);
  const attributes = { ...windowAttributes(window), group: int(channels) };
  return ['channels', c.graph.op('Conv', [c.get(image, 'channels'), weights], attributes)];
}

export function pool(c: Context, node: Node, f: 'Max' | 'Average', window: Window): Placed {
  const attributes: Attributes = {
    kernel_shape: ints(window.kernel),
    strides: ints(window.strides),
    pads: ints(window.pads),
  };
  const image = c.get(at(node.inputs, 0), 'channels');
  return ['channels', c.graph.op(`${f}Pool`, [image], attributes)];
}

/** Shape [kh·kw] backwards, to turn a filter by 180 degrees. */
export function turned(filter: readonly number[]): number[] {
  const count = sizeOf(pick(filter, [0, 1]));
  return Array.from({ length: count }, (_, i) => count - 1 - i);
}
