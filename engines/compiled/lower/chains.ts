import { at, range, sizeOf } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import { OnnxGraph, type Value } from '../onnx/graph.js';
import type { Chain } from '../passes/chains.js';
import { ChainValues, type Affine, type Arrangement } from './chain-values.js';
import type { Context } from './context.js';
import { physicalShape } from './layout.js';

/** Values of an image in a chunk, about: several of them fit the caches of the cores. */
const chunkSize = 262_144;
/** … of which there may be so many, where no smaller number divides the pixels. */
const mostChunks = 64;
/** Pixels side by side in a row, at most: vectors per channel are added to long rows faster. */
const widest = 32;

function arrange(shape: readonly number[]): Arrangement {
  const channels = at(shape, 3);
  const pixels = sizeOf(shape) / channels;
  const least = Math.ceil((pixels * channels) / chunkSize);
  const chunks =
    range(Math.max(7 * least, mostChunks))
      .map((i) => least + i)
      .find((n) => pixels % n === 0) ?? 1;
  let width = 1;
  while (width < widest && (pixels / chunks) % (2 * width) === 0) width *= 2;
  return { chunks, rows: pixels / chunks / width, width, channels };
}

/** Lowers a chain: each of its results and sums gets its value. */
export function lowerChain(c: Context, chain: Chain): void {
  const { shape } = at(chain.nodes, 0);
  const arrangement = arrange(shape);
  const { chunks, rows, width, channels } = arrangement;
  const row = [rows, width * channels];
  const flat = chunks > 1 ? [chunks, ...row] : row;
  const leaves = chain.leaves.map((leaf) => c.reshape(c.get(leaf, 'spatial'), flat));
  const made =
    chunks > 1
      ? inChunks(c, chain, leaves, arrangement)
      : compute(new ChainValues(c, c.graph, chain, leaves, arrangement), chain);
  for (const [node, value] of made.results) {
    c.put(node, 'spatial', c.reshape(value, physicalShape(shape, 'spatial')));
  }
  for (const [node, { image, slope, offset }] of made.sums) {
    const parts = c.reshape(image, [chunks * width, channels]);
    const pixels = c.graph.scalar(chunks * rows * width);
    const axes = c.graph.integers([0]);
    let value = c.graph.op('ReduceSum', [parts, axes], { keepdims: int(0) });
    if (slope !== undefined) value = c.graph.op('Mul', [value, slope.value]);
    const mean = node.op.kind === 'reduce' && node.op.f === 'Mean';
    if (mean) value = c.graph.op('Div', [value, pixels]);
    if (offset !== undefined) {
      const more = mean ? offset.value : c.graph.op('Mul', [offset.value, pixels]);
      value = c.graph.op('Add', [value, more]);
    }
    c.put(node, 'logical', value);
  }
}

interface Made {
  readonly results: ReadonlyMap<Node, Value>;
  /** Sums over rows, and by what they are still to be multiplied and increased. */
  readonly sums: ReadonlyMap<Node, Affine>;
}

function compute(values: ChainValues, { results, sums }: Chain): Made {
  const images = new Map(results.map((node) => [node, values.image(node)]));
  const totals = sums.map((sum) => {
    const affine = values.affine(at(sum.inputs, 0));
    return [sum, { ...affine, image: values.sumOfRows(affine.image) }] as const;
  });
  return { results: images, sums: new Map(totals) };
}

function inChunks(
  c: Context,
  chain: Chain,
  leaves: readonly Value[],
  arrangement: Arrangement,
): Made {
  const { rows, width, channels } = arrangement;
  const prefix = c.graph.fresh('chain');
  const body = new OnnxGraph(prefix, c.graph);
  const row = [rows, width * channels];
  const inputs = leaves.map((_, i) => body.input(`${prefix}leaf${i}`, row));
  const made = compute(new ChainValues(c, body, chain, inputs, arrangement), chain);
  for (const value of made.results.values()) body.expose(value, row);
  for (const { image } of made.sums.values()) body.expose(image, [width * channels]);
  const attributes = {
    body: { graph: () => body.toProto(prefix) },
    num_scan_inputs: int(leaves.length),
  };
  const count = made.results.size + made.sums.size;
  const outputs = c.graph.ops('Scan', leaves, count, attributes);
  const results = [...made.results.keys()].map((node, i) => [node, at(outputs, i)] as const);
  const sums = [...made.sums].map(
    ([node, affine], i) => [node, { ...affine, image: at(outputs, results.length + i) }] as const,
  );
  return { results: new Map(results), sums: new Map(sums) };
}
