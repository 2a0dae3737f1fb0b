import { at, range } from '../../ir/shape.js';

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/**
 * A minimal filtering algorithm in one dimension, F(outputs, taps): outputs of a filter over one
 * tile of the input are output·[(filter·g) ⊙ (input·d)] (Lavin and Gray 2016, equation 5).
 */
export interface Filtering {
  readonly outputs: number;
  readonly taps: number;
  /** Values of the input in a tile: outputs + taps − 1; as many multiplications. */
  readonly tile: number;
  /** [outputs, tile] */
  readonly output: Matrix;
  /** [tile, taps] */
  readonly filter: Matrix;
  /** [tile, tile] */
  readonly input: Matrix;
}

/**
 * Where polynomials are evaluated, besides infinity. Those for a tile of 6 were chosen for the
 * least error among symmetric ones; with 0, ±1 and ±2, as usual, errors are twice as large.
 */
const points: Readonly<Record<number, readonly number[]>> = {
  4: [0, 1, -1],
  6: [0, 0.625, -0.625, 1.5, -1.5],
  8: [0, 1, -1, 0.5, -0.5, 2, -2],
};

/**
 * Toom's and Cook's construction (Barabasz et al. 2020, section 3): multiply polynomials by their
 * values at some points, transposed.
 * @returns undefined for a size without points
 */
export function filtering(outputs: number, taps: number): Filtering | undefined {
  const tile = outputs + taps - 1;
  const finite = points[tile];
  if (finite === undefined) return undefined;
  const others = (i: number): number[] => finite.filter((_, j) => j !== i);
  const input = finite.map((_, i) => [...polynomial(others(i)), 0]);
  // A power of two brings each row near to 1 without an error.
  const scales = [...input, polynomial(finite)].map((row) => {
    const most = Math.max(...row.map(Math.abs));
    return 2 ** -Math.round(Math.log2(most));
  });
  const powers = (x: number, count: number): number[] => range(count).map((k) => x ** k);
  const last = (count: number): number[] => range(count).map((k) => Number(k === count - 1));
  return {
    outputs,
    taps,
    tile,
    input: [...input, polynomial(finite)].map((row, i) => row.map((v) => v * at(scales, i))),
    filter: [
      ...finite.map((x, i) => {
        const product = others(i).reduce((value, other) => value * (x - other), at(scales, i));
        return powers(x, taps).map((power) => power / product);
      }),
      last(taps).map((v) => v / at(scales, finite.length)),
    ],
    output: range(outputs).map((k) => [...finite.map((x) => x ** k), Number(k === outputs - 1)]),
  };
}

/** Coefficients of ∏(x − root), lowest power first. */
function polynomial(roots: readonly number[]): number[] {
  return roots.reduce<number[]>(
    (poly, root) => [...poly, 0].map((_, k) => (poly[k - 1] ?? 0) - root * (poly[k] ?? 0)),
    [1],
  );
}
