import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';

/**
 * Zeros around a value.
 * @param pads before each side, then after each; less than none cuts off
 */
export function pad(c: Context, value: Value, pads: readonly number[]): Value {
  return pads.some((n) => n !== 0) ? c.graph.op('Pad', [value, c.graph.integers(pads)]) : value;
}
