import { at, four, sizeOf } from '../../ir/shape.js';
import type { Node } from '../../ir/types.js';
import { int, ints } from '../../onnx/attributes.js';
import { domains, type Value } from '../../onnx/graph.js';
import type { Context } from '../context.js';
import { transposed } from './axis.js';
import type { Matrix } from './cook-toom.js';
import type { Tiling } from './tiling.js';

/*
 * Convolutions by minimal filtering in two dimensions (Lavin and Gray 2016), as matrix products
 * alone. Images lie as [height, width, batch, channels]: to bring rows into the algorithm's domain
 * is one product with a small matrix from the left, columns are a batch of such products, and there
 * the convolution is one product of channels for each position in a tile: [tile, tiles, tile,
 * tiles · batch, channels]. Where so few rows are too few for a product, those of all tiles are
 * brought together: [tile, tile, tiles · tiles · batch, channels].
 *
 * Filters come as the state keeps them, [outputs, inputs, height, width], and their gradients leave so.
 *
 * The gradients are those of these very products: with Y = Q·M, M = Z·U, Z = P·X the gradient of
 * the result enters the domain by Qᵀ, for filter and input alike.
 */

/** Images of more values than this enter the domain again for the filter's gradient. */
const mostKept = 4_194_304;

/** Rows of a product below which tiles are brought together. */
const fewRows = 96;

const isJoined = ({ rows, sides, batch }: Tiling): boolean =>
  rows.tiles > 1 && sides.tiles * batch < fewRows;

/** y = conv(x, filter), in the layout `spatial`. */
export function forward(c: Context, x: Node, filter: Node, tiling: Tiling): Value {
  const product = fusedProduct(
    c,
    imagesInside(c, x, tiling),
    filterInside(c, filter, tiling),
    'transB',
  );
  const { rows, sides, outputs } = tiling;
  return outside(c, product, [rows.output, sides.output], tiling, outputs);
}

/** Gradient for x, in the layout `spatial`. */
export function inputGradient(c: Context, dy: Node, filter: Node, tiling: Tiling): Value {
  const product = c.graph.op('MatMul', [
    gradientInside(c, dy, tiling),
    filterInside(c, filter, tiling),
  ]);
  const { rows, sides, inputs } = tiling;
  return outside(c, product, [transposed(rows.input), transposed(sides.input)], tiling, inputs);
}

/** Gradient for the filter, in the layout `filter`. */
export function filterGradient(c: Context, x: Node, dy: Node, tiling: Tiling): Value {
  const { rows, sides, inputs, outputs } = tiling;
  const gradient = gradientInside(c, dy, tiling);
  const images = imagesInside(c, x, tiling, c.get(dy, 'spatial'));
  const parts = fusedProduct(c, gradient, images, 'transA');
  const sum =
    rows.tiles === 1 || isJoined(tiling)
      ? parts
      : c.graph.op('ReduceSum', [parts, c.graph.integers([1])], { keepdims: int(0) });
  const flat = c.reshape(sum, [rows.filtering.tile * sides.filtering.tile, outputs * inputs]);
  const back = matrix(c, kronecker(rows.filtering.filter, sides.filtering.filter));
  const taps = [rows.filtering.taps, sides.filtering.taps];
  return c.reshape(fusedProduct(c, flat, back, 'transA'), [outputs, inputs, ...taps]);
}

/** The filter in the domain: [tile, 1, tile, outputs, inputs]; joined, without the 1. */
function filterInside(c: Context, filter: Node, tiling: Tiling): Value {
  const [height, width, inputs, outputs] = four(filter.shape);
  const [p, q] = [tiling.rows.filtering, tiling.sides.filtering];
  const joined = isJoined(tiling);
  return c.shared(`winograd filter ${filter.id} ${p.tile} ${q.tile} ${String(joined)}`, () => {
    const flat = c.reshape(c.get(filter, 'filter'), [outputs * inputs, height * width]);
    const inside = fusedProduct(c, matrix(c, kronecker(p.filter, q.filter)), flat, 'transB');
    return c.reshape(inside, [p.tile, ...(joined ? [] : [1]), q.tile, outputs, inputs]);
  });
}

/** @param after a value whose computation comes first, when images are brought in once more */
function imagesInside(c: Context, x: Node, tiling: Tiling, after?: Value): Value {
  const { rows, sides, batch, inputs } = tiling;
  const first = matrix(c, rows.input);
  const make = (before: Value): Value =>
    inside(c, c.get(x, 'spatial'), x.shape, tiling, [before, matrix(c, sides.input)]);
  const size = sizeOf([rows.input.length, sides.input.length, batch, inputs]);
  return after !== undefined && size > mostKept
    ? make(waiting(c, first, after))
    : c.shared(`winograd images ${x.id} ${tiling.key}`, () => make(first));
}

/** The same value, but only when the other has been computed, so that it is not there too early. */
function waiting(c: Context, value: Value, other: Value): Value {
  const bounds = [0, 1, 0].map((n) => c.graph.integers([n]));
  const one = c.graph.op('Slice', [c.reshape(other, [-1]), ...bounds]);
  const nothing = c.graph.op('Mul', [one, c.graph.scalar(0)]);
  return c.graph.op('Add', [value, nothing]);
}

function gradientInside(c: Context, dy: Node, tiling: Tiling): Value {
  const { rows, sides } = tiling;
  return c.shared(`winograd gradient ${dy.id} ${tiling.key}`, () =>
    inside(
      c,
      c.get(dy, 'spatial'),
      dy.shape,
      tiling,
      [rows, sides].map(({ output }) => matrix(c, transposed(output))),
    ),
  );
}

/** Brings images into the domain. */
function inside(
  c: Context,
  images: Value,
  shape: readonly number[],
  tiling: Tiling,
  [forRows = '', forSides = '']: readonly Value[],
): Value {
  const { rows, sides } = tiling;
  const joined = isJoined(tiling);
  const [batch, height, width, channels] = four(shape);
  const high = rows.filtering.tile * rows.tiles;
  const flat = c.reshape(images, [height, width * batch * channels]);
  const lines = c.graph.op('MatMul', [forRows, flat]);
  const split = c.reshape(lines, [high, width, batch * channels]);
  const both = c.graph.op('MatMul', [forSides, split]);
  const tiled = c.reshape(both, [
    rows.filtering.tile,
    rows.tiles,
    sides.filtering.tile,
    sides.tiles * batch,
    channels,
  ]);
  if (!joined) return tiled;
  const positions = [rows.filtering.tile, sides.filtering.tile];
  const together = c.graph.op('Transpose', [tiled], { perm: ints([0, 2, 1, 3, 4]) });
  return c.reshape(together, [...positions, rows.tiles * sides.tiles * batch, channels]);
}

/** Brings a product back: [height, width, batch, channels]. */
function outside(
  c: Context,
  product: Value,
  [rows, sides]: readonly [Matrix, Matrix],
  tiling: Tiling,
  channels: number,
): Value {
  const { batch } = tiling;
  const [high, wide] = [at(rows, 0).length, at(sides, 0).length];
  const split = c.reshape(apart(c, product, tiling, channels), [high, wide, batch * channels]);
  const lines = c.graph.op('MatMul', [matrix(c, sides), split]);
  const flat = c.reshape(lines, [high, sides.length * batch * channels]);
  const images = c.graph.op('MatMul', [matrix(c, rows), flat]);
  return c.reshape(images, [rows.length, sides.length, batch, channels]);
}

/** A product with its rows of tiles where they belong. */
function apart(c: Context, product: Value, tiling: Tiling, channels: number): Value {
  if (!isJoined(tiling)) return product;
  const { rows, sides, batch } = tiling;
  const tiles = [rows.tiles, sides.tiles * batch, channels];
  const positions = [rows.filtering.tile, sides.filtering.tile];
  const split = c.reshape(product, [...positions, ...tiles]);
  return c.graph.op('Transpose', [split], { perm: ints([0, 2, 1, 3, 4]) });
}

function fusedProduct(c: Context, a: Value, b: Value, flag: 'transA' | 'transB'): Value {
  return c.graph.op('FusedMatMul', [a, b], { [flag]: int(1) }, domains.contributed);
}

function matrix(c: Context, rows: Matrix): Value {
  const shape = [rows.length, at(rows, 0).length];
  return c.shared(`matrix ${JSON.stringify(rows)}`, () =>
    c.graph.tensor(Float32Array.from(rows.flat()), shape, 'float32'),
  );
}

function kronecker(a: Matrix, b: Matrix): Matrix {
  return a.flatMap((p) => b.map((q) => p.flatMap((v) => q.map((w) => v * w))));
}
