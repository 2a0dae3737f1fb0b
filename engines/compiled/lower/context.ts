import { at, leftPad, sameShape } from '../ir/shape.js';
import { splatOf } from '../ir/graph.js';
import type { Node } from '../ir/types.js';
import { int, ints } from '../onnx/attributes.js';
import { domains, type OnnxGraph, type Value } from '../onnx/graph.js';
import {
  between,
  isReshape,
  permutationOf,
  physicalShape,
  type Layout,
  type Permuted,
} from './layout.js';
import type { RuntimeShapes } from './runtime-shapes.js';

export interface LoweringOptions {
  /** Channels in a block of the CPU's blocked convolutions; 0: plain convolutions. */
  readonly block: number;
  /** Elements in a chunk of a large optimizer update; 0: no chunks. */
  readonly chunk: number;
  /** One standard operator where there is one, even if others together are faster on the CPU. */
  readonly portable?: boolean;
  /** Convolutions of many channels by minimal filtering where that is faster. */
  readonly winograd?: boolean;
}

/** What lowerings share: the ONNX graph, and in which layouts each node's value exists so far. */
export class Context {
  private readonly values = new Map<Node, Map<Layout, Value>>();
  private readonly parts = new Map<string, Value>();

  /**
   * @param uses how often each live node is used
   * @param spatial images that lie in that layout
   * @param shapes where the library had better not know them
   * @param emit lowers a node: it must `put` its value
   */
  constructor(
    readonly graph: OnnxGraph,
    readonly options: LoweringOptions,
    private readonly uses: ReadonlyMap<Node, number>,
    private readonly spatial: ReadonlySet<Node>,
    private readonly shapes: RuntimeShapes | undefined,
    private readonly emit: (node: Node) => void,
  ) {}

  usesOf(node: Node): number {
    return this.uses.get(node) ?? 0;
  }

  isEmitted(node: Node): boolean {
    return this.values.has(node);
  }

  /** A value that several lowerings need: made once for each key. */
  shared(key: string, make: () => Value): Value {
    const known = this.parts.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.parts.set(key, value);
    return value;
  }

  put(node: Node, layout: Layout, value: Value): Value {
    let known = this.values.get(node);
    if (known === undefined) {
      known = new Map();
      this.values.set(node, known);
    }
    const rank4 = node.shape.length === 4;
    const key = rank4 ? layout : 'logical';
    if (!known.has(key)) known.set(key, value);
    return value;
  }

  /** The node's value in a layout; converted where it exists only in others. */
  get(node: Node, layout: Layout = 'logical'): Value {
    const known = this.emitted(node);
    const wanted = node.shape.length === 4 ? layout : 'logical';
    const found = known.get(wanted);
    if (found !== undefined) return found;
    if (wanted === 'blocked') {
      const channels = this.get(node, 'channels');
      return this.put(
        node,
        'blocked',
        this.graph.op('ReorderInput', [channels], {}, domains.blocked),
      );
    }
    const [from, value] = this.anyPermuted(node, known);
    if (from === wanted) return value;
    const perm = between(from, wanted);
    const physical = physicalShape(node.shape, from);
    const moved = isReshape(physical, perm)
      ? this.reshape(value, physicalShape(node.shape, wanted))
      : this.graph.op('Transpose', [value], { perm: ints(perm) });
    return this.put(node, wanted, moved);
  }

  /** The layout in which the node's value came into being; `blocked` counts as `channels`. */
  layoutOf(node: Node): Permuted {
    const [first = 'logical'] = this.emitted(node).keys();
    return first === 'blocked' ? 'channels' : first;
  }

  /**
   * A value of any shape that broadcasts against values of this rank in this layout.
   */
  operand(node: Node, rank: number, layout: Permuted): Value {
    if (node.shape.length === 0 || rank !== 4 || layout === 'logical') return this.get(node);
    if (node.shape.length === 4) return this.get(node, layout);
    const perm = permutationOf(layout);
    const padded = leftPad(node.shape, 4);
    const physical = perm.map((axis) => at(padded, axis));
    if (isReshape(padded, perm)) return this.reshape(this.get(node), physical);
    const wide = this.reshape(this.get(node), padded);
    return this.graph.op('Transpose', [wide], { perm: ints(perm) });
  }

  /**
   * The layout for an element-wise result: `spatial` where images lie so; else that of its first
   * operand of its size that is not in `logical`.
   */
  elementwiseLayout(node: Node): Permuted {
    if (node.shape.length !== 4) return 'logical';
    if (this.spatial.has(node)) return 'spatial';
    for (const input of node.inputs) {
      if (splatOf(input) !== undefined || !sameShape(input.shape, node.shape)) continue;
      const layout = this.layoutOf(input);
      if (layout === 'major') return 'channels';
      if (layout !== 'logical') return layout;
    }
    return 'logical';
  }

  reshape(value: Value, shape: readonly number[]): Value {
    return this.graph.op('Reshape', [value, this.dimensions(shape)]);
  }

  /** @param shape in memory */
  expand(value: Value, shape: readonly number[]): Value {
    return this.graph.op('Expand', [value, this.dimensions(shape)]);
  }

  private dimensions(shape: readonly number[]): Value {
    return this.shapes === undefined || shape.length === 0
      ? this.graph.integers(shape)
      : this.shapes.of(shape);
  }

  transpose(value: Value, perm: readonly number[]): Value {
    return this.graph.op('Transpose', [value], { perm: ints(perm) });
  }

  private emitted(node: Node): Map<Layout, Value> {
    let known = this.values.get(node);
    if (known === undefined) {
      this.emit(node);
      known = this.values.get(node);
    }
    if (known === undefined) throw new TypeError(`the lowering of ${node.op.kind} made no value`);
    return known;
  }

  private anyPermuted(node: Node, known: ReadonlyMap<Layout, Value>): [Permuted, Value] {
    for (const [layout, value] of known) if (layout !== 'blocked') return [layout, value];
    const blocked = known.get('blocked') ?? '';
    const channels = { channels: int(at(node.shape, 3)) };
    const value = this.graph.op('ReorderOutput', [blocked], channels, domains.blocked);
    return ['channels', this.put(node, 'channels', value)];
  }
}
