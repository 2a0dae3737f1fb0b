import { splatOf } from '../ir/graph.js';
import { at, sameShape, sizeOf } from '../ir/shape.js';
import type { Node, Recording } from '../ir/types.js';
import { usersOf } from './updates.js';

/**
 * Arithmetic on images value by value, with vectors per channel, and sums per channel of what it
 * computes. Run chunk by chunk, only what is read and written passes through memory.
 */
export interface Chain {
  /** What is computed, in an order in which inputs come first. */
  readonly nodes: readonly Node[];
  /** Images that are read. */
  readonly leaves: readonly Node[];
  /** Of the nodes, those that are needed elsewhere. */
  readonly results: readonly Node[];
  /** Sums and means over all but channels, of nodes or leaves. */
  readonly sums: readonly Node[];
}

interface Members {
  readonly own: Node[];
  readonly sums: Node[];
  /** Nodes of other chains that are computed again here. */
  readonly again: Set<Node>;
}

/**
 * Finds the chains of a recording. A node's stage counts how often what it needs went in and out
 * of chains; neighbours of one stage are one chain, so that no chain waits for itself.
 * @param uses of live nodes
 * @param images those that may be in chains
 */
export function findChains(
  recording: Recording,
  uses: ReadonlyMap<Node, number>,
  images: ReadonlySet<Node>,
): Chain[] {
  const live = recording.nodes.filter((node) => uses.has(node));
  const members = new Set(live.filter((node) => images.has(node) && isMember(node)));
  const stages = stagesOf(live, members);
  const chains = components(live, members, stages);
  const users = usersOf(recording, uses);
  const kept = new Set([...recording.state.values(), ...recording.outputs.values()]);
  const homes = new Map<Node, Members>();
  for (const chain of new Set(chains.values())) {
    for (const node of [...chain.own, ...chain.sums]) homes.set(node, chain);
  }
  const cheap = (node: Node): boolean =>
    members.has(node) &&
    !kept.has(node) &&
    isSimple(node) &&
    (users.get(node) ?? []).every((user) => homes.has(user)) &&
    imagesOf(node).length === 1 &&
    imagesOf(node).every((image) => !members.has(image) || cheap(image));
  const repeat = (chain: Members, node: Node): void => {
    if (homes.get(node) === chain || chain.again.has(node) || !cheap(node)) return;
    chain.again.add(node);
    for (const image of imagesOf(node)) repeat(chain, image);
  };
  const all = [...new Set(homes.values())];
  for (const chain of all) {
    for (const node of [...chain.own, ...chain.sums]) {
      for (const image of imagesOf(node)) repeat(chain, image);
    }
  }
  const inside = (chain: Members, node: Node): boolean =>
    homes.get(node) === chain || chain.again.has(node);
  const needed = new Set(kept);
  for (const node of live) {
    const home = homes.get(node);
    for (const input of node.inputs) {
      if (home === undefined || !inside(home, input)) needed.add(input);
    }
  }
  for (const chain of all) {
    for (const node of chain.again) {
      for (const input of node.inputs) if (!inside(chain, input)) needed.add(input);
    }
  }
  return all.map((chain) => {
    const nodes = [...chain.own, ...chain.again].sort((a, b) => a.id - b.id);
    const read = [...nodes, ...chain.sums].flatMap(imagesOf).filter((n) => !inside(chain, n));
    const results = chain.own.filter((node) => needed.has(node));
    return { nodes, leaves: [...new Set(read)], results, sums: chain.sums };
  });
}

/** Value by value in floating point, of images of its own size, vectors per channel and numbers. */
function isMember(node: Node): boolean {
  const { op } = node;
  const simple = op.kind === 'unary' || op.kind === 'clip' || op.kind === 'leaky';
  if (!(simple || (op.kind === 'binary' && op.f !== 'Mod'))) return false;
  if (node.dtype !== 'float32' || node.inputs.some(({ dtype }) => dtype !== 'float32'))
    return false;
  return node.inputs.every(
    (input) => sameShape(input.shape, node.shape) || isSingle(input) || isVector(input, node),
  );
}

export function isSingle(node: Node): boolean {
  return sizeOf(node.shape) === 1;
}

function isVector(vector: Node, image: Node): boolean {
  return (
    sizeOf(vector.shape) === at(vector.shape, vector.shape.length - 1) &&
    vector.shape.at(-1) === image.shape[3]
  );
}

/** A sum or mean for each channel. */
function isSum(node: Node): boolean {
  const { op } = node;
  return (
    op.kind === 'reduce' &&
    (op.f === 'Sum' || op.f === 'Mean') &&
    [...op.axes].sort().join() === '0,1,2' &&
    node.inputs[0]?.shape.length === 4
  );
}

/** Not worth to be stored rather than computed again. */
function isSimple({ op }: Node): boolean {
  return op.kind === 'binary' && ['Add', 'Sub', 'Mul'].includes(op.f);
}

/** A node's inputs that are images and not all the same number. */
function imagesOf(node: Node): Node[] {
  return node.inputs.filter(
    (n) =>
      n.shape.length === 4 &&
      !isSingle(n) &&
      splatOf(n) === undefined &&
      (sameShape(n.shape, node.shape) || node.op.kind === 'reduce'),
  );
}

function stagesOf(live: readonly Node[], members: ReadonlySet<Node>): Map<Node, number> {
  const stages = new Map<Node, number>();
  for (const node of live) {
    const arrivals = node.inputs.map((input) => {
      const stage = stages.get(input) ?? 0;
      const leaves =
        members.has(input) && !(members.has(node) && sameShape(input.shape, node.shape));
      return leaves ? stage + 1 : stage;
    });
    stages.set(node, Math.max(0, ...arrivals));
  }
  return stages;
}

/** Joins neighbours of one stage, and the sums of what they compute. */
function components(
  live: readonly Node[],
  members: ReadonlySet<Node>,
  stages: ReadonlyMap<Node, number>,
): Map<Node, Members> {
  const chains = new Map<Node, Members>();
  for (const node of live) {
    if (isSum(node)) {
      const chain = chains.get(at(node.inputs, 0));
      chain?.sums.push(node);
      continue;
    }
    if (!members.has(node)) continue;
    const near = imagesOf(node).flatMap((image) => {
      const chain = chains.get(image);
      return chain !== undefined && stages.get(image) === stages.get(node) ? [chain] : [];
    });
    const [first, ...others] = new Set(near);
    const chain = first ?? { own: [], sums: [], again: new Set() };
    for (const other of others) {
      for (const member of other.own) chains.set(member, chain);
      chain.own.push(...other.own);
      chain.sums.push(...other.sums);
    }
    chain.own.push(node);
    chains.set(node, chain);
  }
  return chains;
}
