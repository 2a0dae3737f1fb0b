import { at, sizeOf } from '../ir/shape.js';
import type { Node, Recording } from '../ir/types.js';
import { groupUpdates } from '../passes/group-updates.js';
import { findUpdates, type Update } from '../passes/updates.js';

/** Optimizer updates of fewer elements cost more in calls than in arithmetic. */
const smallUpdate = 65_536;
/** Those of fewer elements fit the CPU's cache. */
const largeUpdate = 500_000;
/** A size with few factors of two would need too many chunks smaller than this. */
const leastChunk = 4096;

/** [chunks, elements of a chunk]: the largest power of two that divides the size, up to `limit`. */
function chunksOf(shape: readonly number[], limit: number): [number, number] {
  const size = sizeOf(shape);
  let chunk = 1;
  while (chunk * 2 <= limit && size % (chunk * 2) === 0) chunk *= 2;
  return [size / chunk, chunk];
}

/**
 * Which optimizer updates are lowered as a whole: large ones chunk by chunk, small ones of one form
 * together.
 */
export class UpdatePlan {
  private readonly byNode = new Map<Node, Update>();
  private readonly groups = new Map<Update, readonly Update[]>();
  private readonly inChunks = new Set<Node>();

  /**
   * @param uses how often each live node is used
   * @param limit elements in a chunk; 0: no update is lowered as a whole
   */
  constructor(
    recording: Recording,
    uses: ReadonlyMap<Node, number>,
    private readonly limit: number,
  ) {
    if (limit === 0) return;
    for (const group of groupUpdates(findUpdates(recording, uses, (size) => size < smallUpdate))) {
      for (const update of group) {
        this.groups.set(update, group);
        this.add(update);
      }
    }
    for (const update of findUpdates(recording, uses, (size) => size >= largeUpdate)) {
      const [chunks, chunk] = this.chunksOf(at(update.nodes, 0));
      if (chunk < leastChunk || chunks < 2) continue;
      this.add(update);
      for (const leaf of update.leaves) if (leaf.op.kind === 'input') this.inChunks.add(leaf);
    }
  }

  /** The update that a node belongs to. */
  of(node: Node): Update | undefined {
    return this.byNode.get(node);
  }

  /** The updates that are lowered together with this one; undefined: it is lowered in chunks. */
  groupOf(update: Update): readonly Update[] | undefined {
    return this.groups.get(update);
  }

  /** Whether a state input had better come in as chunks. */
  wantsChunks(node: Node): boolean {
    return this.inChunks.has(node);
  }

  /** The shape of a node's value in chunks. */
  chunksOf(node: Node): [number, number] {
    return chunksOf(node.shape, this.limit);
  }

  private add(update: Update): void {
    for (const node of update.nodes) this.byNode.set(node, update);
  }
}
