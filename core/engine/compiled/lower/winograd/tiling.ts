import { sizeOf } from '../../ir/shape.js';
import { isDense, isSimple, manyChannels, type ConvolutionShapes } from '../conv-shapes.js';
import { suitsColumns } from '../im2col.js';
import type { LoweringOptions } from '../options.js';
import { axisOf, type Axis } from './axis.js';

/** How a convolution is computed by minimal filtering. */
export interface Tiling {
  readonly rows: Axis;
  readonly sides: Axis;
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Equal for equal geometry. */
  readonly key: string;
}

/** How much less arithmetic it must be: the ways there and back are bound by memory. */
const gain = 1.6;

/** @returns undefined where another way to convolve is better or the only one */
export function tilingOf(options: LoweringOptions, shapes: ConvolutionShapes): Tiling | undefined {
  const { x, y, window } = shapes;
  const [batch, height, width, inputs] = x;
  const [, toHeight, toWidth, outputs] = y;
  if (options.winograd !== true || Math.min(inputs, outputs) < manyChannels) return undefined;
  if (isDense(shapes) || suitsColumns(shapes)) return undefined;
  if (!isSimple(window)) return undefined;
  const rows = axisOf(window.kernel[0], height, toHeight, window.pads[0]);
  const sides = axisOf(window.kernel[1], width, toWidth, window.pads[1]);
  if (rows === undefined || sides === undefined) return undefined;
  const direct = sizeOf([...window.kernel, inputs, outputs, toHeight, toWidth]);
  const high = rows.filtering.tile * rows.tiles;
  const wide = sides.filtering.tile * sides.tiles;
  const into = inputs * (high * height * width + high * wide * width);
  const back = outputs * (high * wide * toWidth + high * toWidth * toHeight);
  const product = high * wide * inputs * outputs;
  if (gain * (into + product + back) > direct) return undefined;
  const geometry = [window.kernel, window.pads, height, width, toHeight, toWidth];
  return { rows, sides, batch, inputs, outputs, key: JSON.stringify(geometry) };
}
