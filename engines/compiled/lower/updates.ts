import { at } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import { OnnxGraph, type Value } from '../onnx/graph.js';
import { sizeOfUpdate } from '../passes/group-updates.js';
import type { Update } from '../passes/updates.js';
import type { Context } from './context.js';
import { binaryFunction, unaryFunction } from './elementwise.js';
import { physicalShape, stateLayout } from './layout.js';

/** Lowers a whole optimizer update: by itself in chunks, or together with the others of its group. */
export function lowerUpdate(c: Context, update: Update): void {
  const group = c.plan.updates.groupOf(update);
  if (group === undefined) inChunks(c, update);
  else together(c, group);
}

/** One Scan over chunks of the update's tensors. */
function inChunks(c: Context, update: Update): void {
  const first = at(update.nodes, 0);
  const shape = c.plan.updates.chunksOf(first);
  const inputs = update.leaves.map(
    (leaf) => c.chunksOf(leaf) ?? c.reshape(c.get(leaf, stateLayout), shape),
  );
  const body = new OnnxGraph(`u${first.id}_`, c.graph);
  const values = new Map<Node, Value>();
  update.leaves.forEach((leaf, i) => {
    values.set(leaf, body.input(`u${first.id}_leaf${i}`, [shape[1]]));
  });
  compute(c, body, update, values);
  for (const node of update.results) body.expose(values.get(node) ?? '', [shape[1]]);
  const attributes = {
    body: { graph: () => body.toProto(`update${first.id}`) },
    num_scan_inputs: int(inputs.length),
  };
  const outputs = c.graph.ops('Scan', inputs, update.results.length, attributes);
  update.results.forEach((node, i) => c.putChunks(node, at(outputs, i)));
}

/** Updates of one form as one, over all their tensors end to end. */
function together(c: Context, group: readonly Update[]): void {
  const first = at(group, 0);
  const sizes = group.map(sizeOfUpdate);
  const values = new Map<Node, Value>();
  first.leaves.forEach((leaf, i) => {
    const parts = group.map(({ leaves }) => flat(c, at(leaves, i)));
    values.set(leaf, c.graph.op('Concat', parts, { axis: int(0) }));
  });
  compute(c, c.graph, first, values);
  first.nodes.forEach((node, i) => {
    if (!first.results.includes(node)) return;
    const whole = [values.get(node) ?? '', c.graph.integers(sizes)];
    const parts = c.graph.ops('Split', whole, group.length, { axis: int(0) });
    group.forEach(({ nodes }, j) => {
      const result = at(nodes, i);
      const shape = physicalShape(result.shape, stateLayout);
      const part = at(parts, j);
      c.put(result, stateLayout, shape.length === 1 ? part : c.reshape(part, shape));
    });
  });
}

/** End to end; most small tensors, such as biases, are so already. */
function flat(c: Context, leaf: Node): Value {
  const value = c.get(leaf, stateLayout);
  return leaf.shape.length === 1 ? value : c.reshape(value, [-1]);
}

/**
 * An update's arithmetic.
 * @param g the graph in which it is done
 * @param values of the leaves there; those of the nodes are added
 */
function compute(c: Context, g: OnnxGraph, { nodes }: Update, values: Map<Node, Value>): void {
  const valueOf = (node: Node): Value => {
    const known = values.get(node);
    if (known !== undefined) return known;
    return node.op.kind === 'splat' ? g.scalar(node.op.value) : c.reshape(c.get(node), []);
  };
  for (const node of nodes) {
    const [a = '', b = ''] = node.inputs.map(valueOf);
    if (node.op.kind === 'unary') values.set(node, unaryFunction(g, node.op.f, a));
    if (node.op.kind === 'binary') values.set(node, binaryFunction(g, node.op.f, a, b));
  }
}
