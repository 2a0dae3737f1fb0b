import { splatOf } from '../ir/graph.js';
import { at, sameShape } from '../ir/shape.js';
import type { Node, Recording } from '../ir/types.js';
import { countUses } from './liveness.js';
import { rewrite } from './rewrite.js';

/** node = factor · of */
interface Multiple {
  readonly of: Node;
  readonly factor: number;
}

/**
 * A product of matrices, or a multiple of one, and a multiple of another matrix that is added to it, in
 * one go: α·AB + β·C. What an optimizer does to small matrices (Muon, say) costs more for calls than
 * for numbers.
 */
export function fuseProducts(recording: Recording): Recording {
  const uses = countUses(recording);
  const isOwn = (node: Node): boolean => uses.get(node) === 1;
  const isProduct = ({ of }: Multiple): boolean =>
    of.op.kind === 'matmul' && of.shape.length === 2 && isOwn(of) && !isOfNothing(of);
  return rewrite(recording, uses, (b, { op, inputs: terms, shape, dtype }, copies) => {
    if (op.kind !== 'binary' || op.f !== 'Add' || shape.length !== 2) return undefined;
    if (!terms.every((term) => sameShape(term.shape, shape))) return undefined;
    const i = terms.findIndex((term) => isOwn(term) && isProduct(multiple(term)));
    if (i < 0) return undefined;
    const [product, other] = [multiple(at(copies, i)), at(copies, 1 - i)];
    const added = isOwn(at(terms, 1 - i)) ? multiple(other) : { of: other, factor: 1 };
    if (product.of.op.kind !== 'matmul') return undefined;
    return b.graph.add(
      { ...product.of.op, factor: product.factor, share: added.factor },
      [...product.of.inputs, added.of],
      shape,
      dtype,
    );
  });
}

/** Sums of no numbers: the library leaves what is added as it is. */
function isOfNothing({ inputs }: Node): boolean {
  return inputs.some(({ shape }) => shape.includes(0));
}

function multiple(node: Node): Multiple {
  const [of, number] = node.inputs;
  const isMultiple = node.op.kind === 'binary' && node.op.f === 'Mul';
  const factor = isMultiple && number !== undefined ? splatOf(number) : undefined;
  if (of === undefined || factor === undefined || !sameShape(of.shape, node.shape)) {
    return { of: node, factor: 1 };
  }
  return { of, factor };
}
