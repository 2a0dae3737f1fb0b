import { pick } from '../ir/shape.js';

/**
 * How a 4-D value lies in memory. All but the last are permutations of its logical order (which is
 * NHWC for images, HWIO for filters); `blocked` is ONNX Runtime's own: channels in blocks of 8 or
 * 16, innermost.
 */
export type Layout = 'logical' | 'channels' | 'filter' | 'major' | 'spatial' | 'blocked';

/** A layout that is a permutation of the logical one. */
export type Permuted = Exclude<Layout, 'blocked'>;

const permutations: Readonly<Record<Permuted, readonly number[]>> = {
  logical: [0, 1, 2, 3],
  /** NCHW */
  channels: [0, 3, 1, 2],
  /** OIHW */
  filter: [3, 2, 0, 1],
  /** CNHW */
  major: [3, 0, 1, 2],
  /** HWNC */
  spatial: [1, 2, 0, 3],
};

/** The layout in which state is kept between runs: filters as convolutions want them. */
export const stateLayout = 'filter';

/** The logical axis at each physical one. */
export function permutationOf(layout: Permuted): readonly number[] {
  return permutations[layout];
}

/** The shape in memory. Values of another rank than 4 lie as they are. */
export function physicalShape(shape: readonly number[], layout: Permuted): readonly number[] {
  return shape.length === 4 ? pick(shape, permutations[layout]) : shape;
}

/** The permutation that brings memory in one layout into another. */
export function between(from: Permuted, to: Permuted): number[] {
  return permutations[to].map((axis) => permutations[from].indexOf(axis));
}

/** Whether a permutation only moves sides of 1, so that memory stays as it is. */
export function isReshape(physical: readonly number[], perm: readonly number[]): boolean {
  const moving = perm.filter((axis) => physical[axis] !== 1);
  return moving.every((axis, i) => i === 0 || axis > (moving[i - 1] ?? -1));
}
