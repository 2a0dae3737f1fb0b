import { at } from '../ir/shape.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';

/**
 * Zeros around a value.
 * @param pads before each side, then after each; less than none cuts off
 */
export function pad(c: Context, value: Value, pads: readonly number[]): Value {
  return pads.some((n) => n !== 0) ? c.graph.op('Pad', [value, c.graph.integers(pads)]) : value;
}

/** Part of a value: `sizes` from `starts` on, along these axes. */
export function slice(
  c: Context,
  value: Value,
  starts: readonly number[],
  sizes: readonly number[],
  axes: readonly number[],
): Value {
  const ends = starts.map((start, i) => start + at(sizes, i));
  return c.graph.op('Slice', [
    value,
    ...[starts, ends, axes].map((list) => c.graph.integers(list)),
  ]);
}
