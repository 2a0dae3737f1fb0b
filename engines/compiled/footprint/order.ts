import type { GraphMessage, NodeMessage } from '../onnx/messages.js';

/**
 * The order in which ONNX Runtime executes a graph's nodes (`GraphViewer`, `ReverseDFSFrom`): depth
 * first from the nodes whose results no other node takes, the last of them first, and at each node
 * the last of those that it takes from first.
 */
export function executionOrder({ node: nodes = [] }: GraphMessage): NodeMessage[] {
  const makers = new Map<string, number>();
  nodes.forEach(({ output = [] }, i) => {
    for (const name of output) makers.set(name, i);
  });
  const before = nodes.map(({ input = [], attribute = [] }) => {
    const inside = attribute.flatMap(({ g }) => (g === undefined ? [] : takenFromOutside(g)));
    const taken = [...input, ...inside].flatMap((name) => makers.get(name) ?? []);
    return [...new Set(taken)].sort((a, b) => a - b);
  });
  const taken = new Set(before.flat());
  const stack = nodes.flatMap((_, i) => (taken.has(i) ? [] : [{ i, leaving: false }]));
  const visited = new Set<number>();
  const order: NodeMessage[] = [];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { i, leaving } = entry;
    const node = nodes[i];
    if (node === undefined) continue;
    if (leaving) {
      order.push(node);
      continue;
    }
    if (visited.has(i)) continue;
    visited.add(i);
    stack.push({ i, leaving: true });
    for (const other of before[i] ?? []) {
      if (!visited.has(other)) stack.push({ i: other, leaving: false });
    }
  }
  return order;
}

/** Names that a graph inside another takes from the one around it (and some that it has itself). */
export function takenFromOutside({ node = [] }: GraphMessage): string[] {
  return node.flatMap(({ input = [] }) => input);
}
