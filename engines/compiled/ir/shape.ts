/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, i) => side === b[i]);
}

/** The shape with ones in front up to `rank`. */
export function leftPad(shape: readonly number[], rank: number): number[] {
  return [...Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
}

/** The sides at `axes`, in that order. */
export function pick(shape: readonly number[], axes: readonly number[]): number[] {
  return axes.map((axis) => at(shape, axis));
}

/** A shape of rank 4, as a tuple. */
export function four(shape: readonly number[]): [number, number, number, number] {
  return [at(shape, 0), at(shape, 1), at(shape, 2), at(shape, 3)];
}

/** `list[index]`, where the caller knows that it is there. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`index ${index} of ${list.length}`);
  return value;
}

/** 0, 1, …, count − 1 */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
