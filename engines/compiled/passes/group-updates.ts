import { sizeOf } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { dependsOn, type Update } from './updates.js';

/**
 * Puts updates together that do the same to different tensors: the dozens of small ones of a
 * network cost more in calls than in arithmetic, and can be computed as one.
 */
export function groupUpdates(updates: readonly Update[]): Update[][] {
  const groups = new Map<string, Update[]>();
  for (const update of updates) {
    const key = formOf(update);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [update]);
    else group.push(update);
  }
  return [...groups.values()].filter((group) => group.length > 1 && isIndependent(group));
}

/** What an update computes, whatever it computes it of. */
function formOf({ nodes, leaves, results }: Update): string {
  const names = new Map<Node, string>();
  leaves.forEach((leaf, i) => names.set(leaf, `leaf${i}`));
  nodes.forEach((node, i) => names.set(node, `node${i}`));
  const steps = nodes.map((node) => [
    node.op,
    node.inputs.map((input) => names.get(input) ?? `#${input.id}`),
    results.includes(node),
  ]);
  return JSON.stringify([leaves.length, steps]);
}

/** Whether no update of the group needs the result of another. */
function isIndependent(group: readonly Update[]): boolean {
  const members = new Set(group.flatMap(({ nodes }) => nodes));
  const first = Math.min(...[...members].map(({ id }) => id));
  const leaves = group.flatMap((update) => update.leaves);
  return !dependsOn(leaves, members, first);
}

/** Elements of each tensor of the update. */
export function sizeOfUpdate({ nodes }: Update): number {
  const [first] = nodes;
  return first === undefined ? 0 : sizeOf(first.shape);
}
