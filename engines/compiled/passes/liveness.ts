import type { Node, Recording } from '../ir/types.js';

/** How often each node is used that a result depends on; others are dead. */
export function countUses(recording: Recording): Map<Node, number> {
  const uses = new Map<Node, number>();
  const waiting: Node[] = [];
  const use = (node: Node): void => {
    const before = uses.get(node);
    uses.set(node, (before ?? 0) + 1);
    if (before === undefined) waiting.push(node);
  };
  for (const node of [...recording.state.values(), ...recording.outputs.values()]) use(node);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    node.inputs.forEach(use);
  }
  return uses;
}
