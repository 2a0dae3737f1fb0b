import { at } from '../ir/shape.js';
import type { Node, Recording } from '../ir/types.js';
import { countUses } from './liveness.js';
import { rewrite } from './rewrite.js';

/** Something with zeros before and after it along one axis. */
interface Piece {
  readonly axis: number;
  readonly begin: number;
  readonly end: number;
  /** Side by side along the axis. */
  readonly parts: readonly Node[];
}

/**
 * What is sliced into neighbours (gates of a recurrent layer, channels that are treated apart) gets its gradient
 * as a sum of pieces with zeros around them: neighbours are put side by side instead.
 */
export function joinPads(recording: Recording): Recording {
  const uses = countUses(recording);
  const joined = new Set<Node>();
  const pieceOf = (node: Node): Piece | undefined => {
    const { op, shape, inputs } = node;
    if (op.kind !== 'pad' || op.value !== 0) return undefined;
    const padded = shape.flatMap((side, i) => (side === at(inputs, 0).shape[i] ? [] : [i]));
    const [axis, ...others] = padded;
    if (axis === undefined || others.length > 0) return undefined;
    const [begin, end] = [at(op.before, axis), at(shape, axis) - at(op.after, axis)];
    const inner = at(inputs, 0);
    return { axis, begin, end, parts: joined.has(inner) ? inner.inputs : [inner] };
  };
  return rewrite(recording, uses, (b, { op, inputs: terms, shape }, copies) => {
    if (op.kind !== 'binary' || op.f !== 'Add') return undefined;
    if (terms.some((term) => uses.get(term) !== 1)) return undefined;
    const [p, q] = [pieceOf(at(copies, 0)), pieceOf(at(copies, 1))];
    if (p === undefined || q?.axis !== p.axis || at(copies, 0).shape.join() !== shape.join()) {
      return undefined;
    }
    if (p.end !== q.begin && q.end !== p.begin) return undefined;
    const [first, second] = p.end === q.begin ? [p, q] : [q, p];
    const { axis } = p;
    const whole = b.concat([...first.parts, ...second.parts], axis);
    joined.add(whole);
    const around = (n: number): number[] => shape.map((_, i) => (i === axis ? n : 0));
    return b.pad(whole, around(first.begin), around(at(shape, axis) - second.end));
  });
}
