import { at, sizeOf } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import { OnnxGraph, type Value } from '../onnx/graph.js';
import type { Update } from '../passes/updates.js';
import type { Context } from './context.js';
import { binaryFunction, unaryFunction } from './elementwise.js';
import { physicalShape, type Permuted } from './layout.js';
import { emitGroup } from './update-groups.js';

/** [chunks, elements of a chunk]: the largest power of two that divides the size, up to `limit`. */
export function chunksOf(shape: readonly number[], limit: number): [number, number] {
  const size = sizeOf(shape);
  let chunk = 1;
  while (chunk * 2 <= limit && size % (chunk * 2) === 0) chunk *= 2;
  return [size / chunk, chunk];
}

/**
 * Lowers optimizer updates: each large one to one Scan over chunks of its tensors, small ones of
 * the same form to one update over all their tensors.
 */
export class Updates {
  private readonly byNode = new Map<Node, Update>();
  /** Nodes whose value exists in chunks. */
  private readonly chunked = new Map<Node, Value>();
  private readonly atBorder = new Set<Node>();
  private readonly groupOf = new Map<Update, readonly Update[]>();

  /**
   * @param large those that are worth chunks
   * @param groups of small ones
   * @param layout in which state is kept
   * @param limit elements in a chunk
   */
  constructor(
    large: readonly Update[],
    groups: readonly (readonly Update[])[],
    private readonly layout: Permuted,
    private readonly limit: number,
  ) {
    for (const group of groups) {
      for (const update of group) {
        this.groupOf.set(update, group);
        for (const node of update.nodes) this.byNode.set(node, update);
      }
    }
    for (const update of large) {
      const [chunks, chunk] = chunksOf(at(update.nodes, 0).shape, limit);
      // A size with few factors of two would need too many small chunks.
      if (chunk < 4096 || chunks < 2) continue;
      for (const node of update.nodes) this.byNode.set(node, update);
      for (const leaf of update.leaves) if (leaf.op.kind === 'input') this.atBorder.add(leaf);
    }
  }

  /** The update that a node belongs to. */
  of(node: Node): Update | undefined {
    return this.byNode.get(node);
  }

  /** Whether a state input had better come in as chunks. */
  wants(node: Node): boolean {
    return this.atBorder.has(node);
  }

  shapeOf(node: Node): [number, number] {
    return chunksOf(node.shape, this.limit);
  }

  /** The value in chunks, where it exists so. */
  inChunks(node: Node): Value | undefined {
    return this.chunked.get(node);
  }

  /** Says that a node's value exists in chunks, and makes it available in its own shape. */
  put(c: Context, node: Node, value: Value): Value {
    this.chunked.set(node, value);
    const shape = physicalShape(node.shape, this.layout);
    return c.put(node, this.layout, c.reshape(value, shape));
  }

  /** Lowers the whole update, with the others of its group. */
  emit(c: Context, update: Update): void {
    const group = this.groupOf.get(update);
    if (group === undefined) this.emitInChunks(c, update);
    else emitGroup(c, group, this.layout);
  }

  private emitInChunks(c: Context, update: Update): void {
    const first = at(update.nodes, 0);
    const shape = chunksOf(first.shape, this.limit);
    const inputs = update.leaves.map(
      (leaf) => this.chunked.get(leaf) ?? c.reshape(c.get(leaf, this.layout), shape),
    );
    const body = new OnnxGraph(`u${first.id}_`, c.graph);
    const values = new Map<Node, Value>();
    update.leaves.forEach((leaf, i) => {
      values.set(leaf, body.input(`u${first.id}_leaf${i}`, [shape[1]]));
    });
    const valueOf = (node: Node): Value => {
      const known = values.get(node);
      if (known !== undefined) return known;
      if (node.op.kind === 'splat') return body.scalar(node.op.value);
      return c.reshape(c.get(node), []);
    };
    for (const node of update.nodes) {
      const operands = node.inputs.map(valueOf);
      const [a = '', b = ''] = operands;
      if (node.op.kind === 'unary') values.set(node, unaryFunction(body, node.op.f, a));
      if (node.op.kind === 'binary') values.set(node, binaryFunction(body, node.op.f, a, b));
    }
    for (const node of update.results) body.expose(values.get(node) ?? '', [shape[1]]);
    const attributes = {
      body: { graph: () => body.toProto(`update${first.id}`) },
      num_scan_inputs: int(inputs.length),
    };
    const outputs = c.graph.ops('Scan', inputs, update.results.length, attributes);
    update.results.forEach((node, i) => this.put(c, node, at(outputs, i)));
  }
}
