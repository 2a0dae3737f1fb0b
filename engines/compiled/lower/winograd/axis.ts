import { at, range } from '../../ir/shape.js';
import { filtering, type Filtering, type Matrix } from './cook-toom.js';

/** How one axis of an image is cut into overlapping tiles. */
export interface Tiles {
  readonly filtering: Filtering;
  readonly tiles: number;
}

/** The same as matrices over the whole axis. */
export interface Axis extends Tiles {
  /** Of the image and of the convolution's result. */
  readonly from: number;
  readonly to: number;
  /** [tile · tiles, from]: the image in the algorithm's domain, position in a tile first. */
  readonly input: Matrix;
  /** [to, tile · tiles] */
  readonly output: Matrix;
}

/** Outputs of a tile, for each number of taps. */
const outputsOf: Readonly<Record<number, number>> = { 3: 4, 5: 4 };

/**
 * @param to size of the convolution's result
 * @returns undefined where there is no algorithm for so many taps
 */
export function tilesOf(taps: number, to: number): Tiles | undefined {
  const algorithm = filtering(outputsOf[taps] ?? 0, taps);
  return algorithm && { filtering: algorithm, tiles: Math.ceil(to / algorithm.outputs) };
}

/**
 * The matrices of an axis, which take time and memory in proportion to its length squared.
 * @param before zeros in front of the image
 */
export function axisOf(cut: Tiles, from: number, to: number, before: number): Axis {
  const { filtering: algorithm, tiles } = cut;
  const { tile, outputs } = algorithm;
  const rows = range(tile).flatMap((f) => range(tiles).map((t) => [f, t] as const));
  const input = rows.map(([f, t]) => {
    const start = t * outputs - before;
    return range(from).map((y) => algorithm.input[f]?.[y - start] ?? 0);
  });
  const output = range(to).map((y) => {
    const own = Math.floor(y / outputs);
    return rows.map(([f, t]) => (t === own ? at(at(algorithm.output, y % outputs), f) : 0));
  });
  return { ...cut, from, to, input, output };
}

export function transposed(matrix: Matrix): Matrix {
  return range(at(matrix, 0).length).map((j) => matrix.map((row) => at(row, j)));
}
