import { at } from '../ir/shape.js';
import type { Node, Recording } from '../ir/types.js';
import { countUses } from './liveness.js';
import { rewrite } from './rewrite.js';

/**
 * A network that is applied twice in a loss (to real and to generated images) gets two filter
 * gradients, which are added. One gradient over both batches together does the same in one go.
 * @param suits gradients for which that is better than two
 */
export function mergeFilterGradients(
  recording: Recording,
  suits: (gradient: Node) => boolean,
): Recording {
  const uses = countUses(recording);
  return rewrite(recording, uses, (b, node, inputs) => {
    const [p, q] = node.inputs;
    if (node.op.kind !== 'binary' || node.op.f !== 'Add' || p === q) return undefined;
    if (p?.op.kind !== 'convFilter' || q?.op.kind !== 'convFilter') return undefined;
    if (uses.get(p) !== 1 || uses.get(q) !== 1) return undefined;
    if (JSON.stringify(p.op.window) !== JSON.stringify(q.op.window)) return undefined;
    if (!suits(p) || !suits(q)) return undefined;
    const part = (side: number, input: number): Node => at(at(inputs, side).inputs, input);
    if (!sameImages(part(0, 0), part(1, 0))) return undefined;
    const x = b.concat([part(0, 0), part(1, 0)], 0);
    const dy = b.concat([part(0, 1), part(1, 1)], 0);
    return b.convFilter(x, dy, p.op.window, node.shape);
  });
}

function sameImages(a: Node, b: Node): boolean {
  return a.shape.slice(1).join() === b.shape.slice(1).join();
}
