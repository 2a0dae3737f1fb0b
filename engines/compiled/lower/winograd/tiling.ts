import { sizeOf } from '../../ir/shape.js';
import { isDense, isSimple, manyChannels, type ConvolutionShapes } from '../conv-shapes.js';
import { suitsColumns } from '../im2col.js';
import type { LoweringOptions } from '../options.js';
import { axisOf, tilesOf, type Axis } from './axis.js';

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
  const down = tilesOf(window.kernel[0], toHeight);
  const across = tilesOf(window.kernel[1], toWidth);
  if (down === undefined || across === undefined) return undefined;
  const direct = sizeOf([...window.kernel, inputs, outputs, toHeight, toWidth]);
  const high = down.filtering.tile * down.tiles;
  const wide = across.filtering.tile * across.tiles;
  const into = inputs * (high * height * width + high * wide * width);
  const back = outputs * (high * wide * toWidth + high * toWidth * toHeight);
  const product = high * wide * inputs * outputs;
  if (gain * (into + product + back) > direct) return undefined;
  const rows = axisOf(down, height, toHeight, window.pads[0]);
  const sides = axisOf(across, width, toWidth, window.pads[1]);
  const geometry = [window.kernel, window.pads, height, width, toHeight, toWidth];
  return { rows, sides, batch, inputs, outputs, key: JSON.stringify(geometry) };
}
