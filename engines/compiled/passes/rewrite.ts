import { Builder } from '../ir/builder.js';
import { Graph } from '../ir/graph.js';
import type { Node, Recording } from '../ir/types.js';

/**
 * Copies a recording, letting `replace` put something else in the place of a node.
 * @param replace is given the node and its already copied inputs; undefined keeps it
 */
export function rewrite(
  recording: Recording,
  live: ReadonlyMap<Node, number>,
  replace: (b: Builder, node: Node, inputs: readonly Node[]) => Node | undefined,
): Recording {
  let source = '';
  const graph = new Graph(() => source);
  const builder = new Builder(graph);
  const copies = new Map<Node, Node>();
  const copyOf = (node: Node): Node => {
    const copy = copies.get(node);
    if (copy === undefined) throw new TypeError('a node comes before its input');
    return copy;
  };
  for (const node of recording.nodes) {
    if (!live.has(node)) continue;
    source = node.source;
    const inputs = node.inputs.map(copyOf);
    const copy =
      replace(builder, node, inputs) ?? graph.add(node.op, inputs, node.shape, node.dtype);
    copies.set(node, copy);
  }
  const all = (nodes: ReadonlyMap<string, Node>): Map<string, Node> =>
    new Map([...nodes].map(([name, node]) => [name, copyOf(node)]));
  return { nodes: graph.nodes, state: all(recording.state), outputs: all(recording.outputs) };
}
