import { move, stridesOf } from '../../core/engine/order.js';
import { permutationOf, physicalShape, stateLayout } from './lower/layout.js';

/** Copies a tensor of the state from its logical order, row by row, into the order in memory. */
export function copyIn(from: Float32Array, shape: readonly number[], to: Float32Array): void {
  if (shape.length === 4) move(from, stridesOf(shape), to, physicalStrides(shape), shape);
  else to.set(from);
}

/** The reverse of {@link copyIn}: a copy in logical order. */
export function copyOut(from: Float32Array, shape: readonly number[]): Float32Array {
  const to = new Float32Array(from.length);
  if (shape.length === 4) move(from, physicalStrides(shape), to, stridesOf(shape), shape);
  else to.set(from);
  return to;
}

/** For each logical axis, how far apart its neighbours are in memory. */
export function physicalStrides(shape: readonly number[]): number[] {
  if (shape.length !== 4) return stridesOf(shape);
  const perm = permutationOf(stateLayout);
  const strides = stridesOf(physicalShape(shape, stateLayout));
  return shape.map((_, axis) => strides[perm.indexOf(axis)] ?? 1);
}
