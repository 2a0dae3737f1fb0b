import { splatOf } from '../ir/graph.js';
import { at, sizeOf } from '../ir/shape.js';
import type { BinaryFunction, Node } from '../ir/types.js';
import { float, int } from '../onnx/attributes.js';
import type { OnnxGraph, Value } from '../onnx/graph.js';
import { isSingle, type Chain } from '../passes/chains.js';
import type { Context } from './context.js';
import { binaryFunction, unaryFunction } from './elementwise.js';

/** How the pixels of an image are arranged: chunks · rows · width, each of all channels. */
export interface Arrangement {
  readonly chunks: number;
  readonly rows: number;
  readonly width: number;
  readonly channels: number;
}

/** A value per channel, or one number. */
interface Vector {
  readonly value: Value;
  readonly single: boolean;
}

/** image · slope + offset; slope and offset are absent where they do nothing. */
export interface Affine {
  readonly image: Value;
  readonly slope?: Vector | undefined;
  readonly offset?: Vector | undefined;
}

/** Rows that are added one after another: rounding adds up in long sums. */
const sumOf = 256;

/**
 * The values of a chain in a graph. Sums and products with vectors are collected until the image
 * is needed: then they are one product and one sum.
 */
export class ChainValues {
  private readonly values = new Map<Node, Affine>();

  /**
   * @param leaves of the chain, as [rows, width · channels] in this graph
   */
  constructor(
    private readonly c: Context,
    private readonly g: OnnxGraph,
    chain: Chain,
    leaves: readonly Value[],
    private readonly arrangement: Arrangement,
  ) {
    chain.leaves.forEach((leaf, i) => this.values.set(leaf, { image: at(leaves, i) }));
    for (const node of chain.nodes) this.values.set(node, this.compute(node));
  }

  /** A node's value: [rows, width · channels]. */
  image(node: Node): Value {
    const affine = this.affine(node);
    const [scaled, { offset }] = [this.scaled(affine), affine];
    const value = offset === undefined ? scaled : this.g.op('Add', [scaled, this.wide(offset)]);
    this.values.set(node, { image: value });
    return value;
  }

  /** A node's value in parts. */
  affine(node: Node): Affine {
    const value = this.values.get(node);
    if (value === undefined) throw new TypeError('a chain lacks one of its nodes');
    return value;
  }

  /** The sum of an image over rows: [width · channels]. */
  sumOfRows(image: Value): Value {
    const { rows, width, channels } = this.arrangement;
    if (rows <= 2 * sumOf) return this.sum(image, 0);
    const whole = Math.floor(rows / sumOf);
    const parts = this.g.op('Reshape', [
      this.rows(image, 0, whole * sumOf),
      this.g.integers([whole, sumOf, width * channels]),
    ]);
    const sums = this.sum(this.sum(parts, 1), 0);
    if (whole * sumOf === rows) return sums;
    return this.g.op('Add', [sums, this.sum(this.rows(image, whole * sumOf, rows), 0)]);
  }

  private sum(value: Value, axis: number): Value {
    return this.g.op('ReduceSum', [value, this.g.integers([axis])], { keepdims: int(0) });
  }

  private rows(image: Value, from: number, to: number): Value {
    const bounds = [[from], [to], [0]].map((list) => this.g.integers(list));
    return this.g.op('Slice', [image, ...bounds]);
  }

  private compute(node: Node): Affine {
    const { op } = node;
    const [a, b] = node.inputs;
    if (a === undefined) throw new TypeError('an operation lacks its input');
    if (op.kind === 'binary' && b !== undefined) {
      return this.collect(op.f, a, b) ?? { image: this.binary(op.f, a, b) };
    }
    const x = this.image(a);
    if (op.kind === 'unary') return { image: unaryFunction(this.g, op.f, x) };
    if (op.kind === 'clip') {
      const bounds = [this.g.scalar(op.low), this.g.scalar(op.high)];
      return { image: this.g.op('Clip', [x, ...bounds]) };
    }
    if (op.kind !== 'leaky') throw new TypeError(`${op.kind} in a chain`);
    return { image: this.g.op('LeakyRelu', [x], { alpha: float(op.slope) }) };
  }

  /** Sums, differences and products with vectors; of two images what is added to them. */
  private collect(f: BinaryFunction, a: Node, b: Node): Affine | undefined {
    const [p, q] = [this.values.get(a), this.values.get(b)];
    if (f !== 'Add' && f !== 'Sub' && f !== 'Mul') return undefined;
    if (p !== undefined && q !== undefined) {
      if (f === 'Mul') return undefined;
      const image = this.g.op(f, [this.scaled(p), this.scaled(q)]);
      return {
        image,
        offset: this.add(p.offset, f === 'Add' ? q.offset : this.negative(q.offset)),
      };
    }
    const [{ image, slope, offset }, vector] =
      p === undefined ? [q ?? this.affine(b), this.vector(a)] : [p, this.vector(b)];
    if (f === 'Mul') {
      const moved = offset === undefined ? undefined : this.multiply(offset, vector);
      return { image, slope: this.multiply(slope, vector), offset: moved };
    }
    if (f === 'Add') return { image, slope, offset: this.add(offset, vector) };
    if (p !== undefined) return { image, slope, offset: this.add(offset, this.negative(vector)) };
    const minus = { value: this.c.graph.scalar(-1), single: true };
    return {
      image,
      slope: this.multiply(slope, minus),
      offset: this.add(this.negative(offset), vector),
    };
  }

  private binary(f: BinaryFunction, a: Node, b: Node): Value {
    const [p, q] = [a, b].map((node) =>
      this.values.has(node) ? this.image(node) : this.wide(this.vector(node)),
    );
    return binaryFunction(this.g, f, p ?? '', q ?? '');
  }

  private scaled({ image, slope }: Affine): Value {
    return slope === undefined ? image : this.g.op('Mul', [image, this.wide(slope)]);
  }

  private vector(node: Node): Vector {
    const number = splatOf(node);
    if (number !== undefined) return { value: this.c.graph.scalar(number), single: true };
    const single = isSingle(node);
    const shape = single ? [] : [sizeOf(node.shape)];
    const value = this.c.shared(`vector ${node.id}`, () => this.c.reshape(this.c.get(node), shape));
    return { value, single };
  }

  /** As often as there are pixels in a row. */
  private wide({ value, single }: Vector): Value {
    const { width } = this.arrangement;
    if (single || width === 1) return value;
    return this.c.shared(`wide ${value} ${width}`, () =>
      this.c.graph.op('Tile', [value, this.c.graph.integers([width])]),
    );
  }

  private add(a: Vector | undefined, b: Vector | undefined): Vector | undefined {
    return a === undefined || b === undefined ? (a ?? b) : this.combine('Add', a, b);
  }

  private multiply(a: Vector | undefined, b: Vector): Vector {
    return a === undefined ? b : this.combine('Mul', a, b);
  }

  private negative(a: Vector | undefined): Vector | undefined {
    if (a === undefined) return undefined;
    const value = this.c.shared(`minus ${a.value}`, () => this.c.graph.op('Neg', [a.value]));
    return { value, single: a.single };
  }

  /** Between vectors: once, outside the chain. */
  private combine(f: 'Add' | 'Mul', a: Vector, b: Vector): Vector {
    const value = this.c.shared(`${f} ${a.value} ${b.value}`, () =>
      this.c.graph.op(f, [a.value, b.value]),
    );
    return { value, single: a.single && b.single };
  }
}
