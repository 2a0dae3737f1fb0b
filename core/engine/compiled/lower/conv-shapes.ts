import { at } from '../ir/shape.js';
import type { Window } from '../ir/types.js';
import type { Value } from '../onnx/graph.js';
import type { Layout } from './layout.js';

/** A value and how it lies. */
export type Placed = readonly [Layout, Value];

/** A convolution's parts, named. */
export interface ConvolutionShapes {
  readonly x: readonly [number, number, number, number];
  readonly y: readonly [number, number, number, number];
  readonly window: Window;
}

export function four(shape: readonly number[]): [number, number, number, number] {
  return [at(shape, 0), at(shape, 1), at(shape, 2), at(shape, 3)];
}
