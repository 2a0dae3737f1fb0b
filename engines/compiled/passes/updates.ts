import { at, sameShape, sizeOf } from '../ir/shape.js';
import type { Node, Recording } from '../ir/types.js';

/**
 * The element-wise end of a large optimizer update: gradient, moments and parameter in, new
 * moments and parameter out. Run chunk by chunk, its intermediate values stay in the cache.
 */
export interface Update {
  /** In an order in which inputs come first. */
  readonly nodes: readonly Node[];
  /** Full-size values from outside. */
  readonly leaves: readonly Node[];
  /** Those that are needed outside. */
  readonly results: readonly Node[];
}

/**
 * Finds the updates of a recording.
 * @param uses how often each live node is used
 * @param size whether a tensor of so many elements counts
 */
export function findUpdates(
  recording: Recording,
  uses: ReadonlyMap<Node, number>,
  size: (elements: number) => boolean,
): Update[] {
  const results = new Set(recording.state.values());
  const users = usersOf(recording, uses);
  const taken = new Set<Node>();
  const updates: Update[] = [];
  const roots = [...results].filter((node) => size(sizeOf(node.shape)) && isElementwise(node));
  for (const root of roots.sort((a, b) => b.id - a.id)) {
    if (taken.has(root)) continue;
    const update = grow(root, results, users, taken);
    if (update === undefined) continue;
    for (const node of update.nodes) taken.add(node);
    updates.push(update);
  }
  return updates;
}

/** Who uses each node. */
export function usersOf(recording: Recording, live: ReadonlyMap<Node, number>): Map<Node, Node[]> {
  const users = new Map<Node, Node[]>();
  for (const node of recording.nodes) {
    if (!live.has(node)) continue;
    for (const input of node.inputs) {
      const list = users.get(input);
      if (list === undefined) users.set(input, [node]);
      else list.push(node);
    }
  }
  return users;
}

/** Float arithmetic on full-size values and single numbers. */
function isElementwise(node: Node): boolean {
  const { op } = node;
  const simple = (op.kind === 'binary' && op.f !== 'Mod') || op.kind === 'unary';
  if (!simple || node.dtype !== 'float32') return false;
  return node.inputs.every(
    (input) => input.dtype === 'float32' && (sameShape(input.shape, node.shape) || isSingle(input)),
  );
}

function isSingle(node: Node): boolean {
  return sizeOf(node.shape) === 1 || node.op.kind === 'splat';
}

function grow(
  root: Node,
  results: ReadonlySet<Node>,
  users: ReadonlyMap<Node, readonly Node[]>,
  taken: ReadonlySet<Node>,
): Update | undefined {
  const members = new Set([root]);
  // Users come later in the program, so one pass from the end sees them before a node.
  const waiting = new Set(root.inputs);
  while (waiting.size > 0) {
    const node = [...waiting].reduce((a, b) => (a.id > b.id ? a : b));
    waiting.delete(node);
    const inside = (users.get(node) ?? []).every((user) => members.has(user));
    if (!sameShape(node.shape, root.shape) || !isElementwise(node)) continue;
    if (taken.has(node) || !(inside || results.has(node))) continue;
    members.add(node);
    for (const input of node.inputs) waiting.add(input);
  }
  const nodes = [...members].sort((a, b) => a.id - b.id);
  const inputs = new Set(nodes.flatMap((node) => node.inputs).filter((n) => !members.has(n)));
  if (dependsOn(inputs, members, at(nodes, 0).id)) return undefined;
  const leaves = [...inputs].filter((n) => sameShape(n.shape, root.shape) && !isSingle(n));
  const outside = (node: Node): boolean =>
    results.has(node) || (users.get(node) ?? []).some((user) => !members.has(user));
  return { nodes, leaves, results: nodes.filter(outside) };
}

/** Whether any of the nodes needs a member. Nodes before the first member cannot. */
export function dependsOn(
  nodes: Iterable<Node>,
  members: ReadonlySet<Node>,
  first: number,
): boolean {
  const seen = new Set<Node>();
  const waiting = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (members.has(node)) return true;
    if (node.id < first || seen.has(node)) continue;
    seen.add(node);
    waiting.push(...node.inputs);
  }
  return false;
}

/**
 * Whether a new value may be written over the old: everyone who reads the old value does so
 * before the new one is computed.
 */
export function mayReplace(
  update: Update,
  old: Node,
  next: Node,
  users: ReadonlyMap<Node, readonly Node[]>,
): boolean {
  const before = new Set<Node>();
  const waiting = [next];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (before.has(node) || !update.nodes.includes(node)) continue;
    before.add(node);
    waiting.push(...node.inputs);
  }
  return (users.get(old) ?? []).every((user) => before.has(user));
}
