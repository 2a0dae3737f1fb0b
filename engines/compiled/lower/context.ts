import { at, leftPad, sameShape } from '../ir/shape.js';
import { splatOf } from '../ir/graph.js';
import type { Node } from '../ir/types.js';
import { int, ints } from '../onnx/attributes.js';
import { domains, OnnxGraph, type Value } from '../onnx/graph.js';
import {
  between,
  isReshape,
  permutationOf,
  physicalShape,
  stateLayout,
  type Layout,
  type Permuted,
} from './layout.js';
import type { LoweringOptions } from './options.js';
import type { Plan } from './planned.js';
import type { Port } from './port.js';
import { RuntimeShapes } from './runtime-shapes.js';

/**
 * What all lowerings take: the graph under construction, the plan, and in which layouts each node's
 * value exists so far.
 */
export class Context {
  readonly graph: OnnxGraph;
  /** What the graph takes in, in the order in which it was asked for. */
  readonly inputs: Port[] = [];
  private readonly values = new Map<Node, Map<Layout, Value>>();
  private readonly chunks = new Map<Node, Value>();
  private readonly parts = new Map<string, Value>();
  /** Where the library had better not know shapes. */
  private readonly shapes: RuntimeShapes | undefined;

  /** @param lowerNode gives a node its value: it must `put` it */
  constructor(
    readonly plan: Plan,
    readonly options: LoweringOptions,
    private readonly lowerNode: (c: Context, node: Node) => void,
  ) {
    this.graph = new OnnxGraph('', undefined, options.portable);
    const known = options.portable === true || options.knownShapes === true;
    this.shapes = known ? undefined : new RuntimeShapes(this.graph);
  }

  usesOf(node: Node): number {
    return this.plan.uses.get(node) ?? 0;
  }

  isLowered(node: Node): boolean {
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

  /** Says that a value of the state exists in chunks, and makes it available in its own shape. */
  putChunks(node: Node, value: Value): Value {
    this.chunks.set(node, value);
    const shape = physicalShape(node.shape, stateLayout);
    return this.put(node, stateLayout, this.reshape(value, shape));
  }

  /** The node's value in chunks, where it exists so. */
  chunksOf(node: Node): Value | undefined {
    return this.chunks.get(node);
  }

  /** The node's value in a layout; converted where it exists only in others. */
  get(node: Node, layout: Layout = 'logical'): Value {
    const known = this.lowered(node);
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
    const [first = 'logical'] = this.lowered(node).keys();
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
    if (this.plan.spatial.has(node)) return 'spatial';
    for (const input of node.inputs) {
      if (splatOf(input) !== undefined || !sameShape(input.shape, node.shape)) continue;
      const layout = this.layoutOf(input);
      if (layout === 'major') return 'channels';
      if (layout !== 'logical') return layout;
    }
    return 'logical';
  }

  reshape(value: Value, shape: readonly number[]): Value {
    // A side of 0 means "as it was" without it.
    const attributes = shape.includes(0) ? { allowzero: int(1) } : {};
    return this.graph.op('Reshape', [value, this.dimensions(shape)], attributes);
  }

  /** @param shape in memory */
  expand(value: Value, shape: readonly number[]): Value {
    return this.graph.op('Expand', [value, this.dimensions(shape)]);
  }

  /**
   * Adds the shapes that operators were given as values, after the last of them.
   * @param input of the graph, with an open first side
   */
  addShapes(input: Value | undefined): void {
    this.shapes?.emit(input);
  }

  private dimensions(shape: readonly number[]): Value {
    return this.shapes === undefined || shape.length === 0
      ? this.graph.integers(shape)
      : this.shapes.of(shape);
  }

  transpose(value: Value, perm: readonly number[]): Value {
    return this.graph.op('Transpose', [value], { perm: ints(perm) });
  }

  private lowered(node: Node): Map<Layout, Value> {
    let known = this.values.get(node);
    if (known === undefined) {
      this.lowerNode(this, node);
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
