import { badLayerOption } from '../../errors/layer.js';
import type { Layer } from './layer.js';

/**
 * Axes in ascending order, from 0; −1 is the last one.
 * @throws NcnError where an axis is not there or stands twice
 */
export function axesOf(layer: Layer, rank: number, axes: readonly number[]): number[] {
  const found = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  const there = found.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < rank);
  if (there && found.length > 0 && new Set(found).size === found.length) return found;
  throw badLayerOption(
    layer,
    `'axes' is [${axes.join(', ')}]; one or more different axes of 0 to ${rank - 1} were expected`,
  );
}

/** The sizes of some axes. */
export function sizesOf(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.filter((_, axis) => axes.includes(axis));
}

/** The shape with 1 in place of the other axes: so a tensor of these axes broadcasts. */
export function broadcastShape(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.map((size, axis) => (axes.includes(axis) ? size : 1));
}
