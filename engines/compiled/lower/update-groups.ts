import { at } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import { sizeOfUpdate } from '../passes/group-updates.js';
import type { Update } from '../passes/updates.js';
import type { Context } from './context.js';
import { binaryFunction, unaryFunction } from './elementwise.js';
import { physicalShape, type Permuted } from './layout.js';

/**
 * Lowers updates of one form as one, over all their tensors end to end.
 * @param layout in which state is kept
 */
export function emitGroup(c: Context, group: readonly Update[], layout: Permuted): void {
  const first = at(group, 0);
  const sizes = group.map(sizeOfUpdate);
  const values = new Map<Node, Value>();
  first.leaves.forEach((leaf, i) => {
    const parts = group.map(({ leaves }) => c.reshape(c.get(at(leaves, i), layout), [-1]));
    values.set(leaf, c.graph.op('Concat', parts, { axis: int(0) }));
  });
  const valueOf = (node: Node): Value => {
    const known = values.get(node);
    if (known !== undefined) return known;
    return node.op.kind === 'splat' ? c.graph.scalar(node.op.value) : c.reshape(c.get(node), []);
  };
  for (const node of first.nodes) {
    const [a = '', b = ''] = node.inputs.map(valueOf);
    if (node.op.kind === 'unary') values.set(node, unaryFunction(c.graph, node.op.f, a));
    if (node.op.kind === 'binary') values.set(node, binaryFunction(c.graph, node.op.f, a, b));
  }
  first.nodes.forEach((node, i) => {
    if (!first.results.includes(node)) return;
    const whole = [values.get(node) ?? '', c.graph.integers(sizes)];
    const parts = c.graph.ops('Split', whole, group.length, { axis: int(0) });
    group.forEach(({ nodes }, j) => {
      const result = at(nodes, i);
      const shape = physicalShape(result.shape, layout);
      c.put(result, layout, c.reshape(at(parts, j), shape));
    });
  });
}
