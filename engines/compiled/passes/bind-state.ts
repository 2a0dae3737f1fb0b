import type { HostTensors } from '../../../core/engine/types.js';
import type { Builder } from '../ir/builder.js';
import { splatOf } from '../ir/graph.js';
import { binaryOnNumbers, unaryOnNumbers } from '../ir/scalar-functions.js';
import { at, sameShape, sizeOf } from '../ir/shape.js';
import type { Node, Recording } from '../ir/types.js';
import { countUses } from './liveness.js';
import { rewrite } from './rewrite.js';

/**
 * Puts the values of a trained state in the place of its inputs and computes what depends on
 * nothing else (slopes and offsets of batch normalisations, say).
 * @param filters what is done with tensors of rank 4, which take part in no arithmetic and lie in
 *   memory in a layout of their own: by default they stay inputs
 */
export function bindState(
  recording: Recording,
  state: HostTensors,
  filters: 'bind' | 'keep' = 'keep',
): Recording {
  return rewrite(recording, countUses(recording), (b, node, inputs) => {
    const { op } = node;
    const bound = node.shape.length !== 4 || filters === 'bind';
    if (op.kind === 'input' && op.role === 'state' && bound) {
      const values = state.get(op.name);
      return values === undefined ? undefined : b.constant(values.data, node.shape, 'float32');
    }
    return fold(b, node, inputs);
  });
}

/** The result of element-wise arithmetic on constants, rounded to float32 at each step. */
function fold(b: Builder, { op, shape, dtype }: Node, inputs: readonly Node[]): Node | undefined {
  if (dtype !== 'float32' || !inputs.every((input) => isKnown(input, shape))) return undefined;
  const values = inputs.map(
    (input) =>
      (i: number): number =>
        input.op.kind === 'constant' ? at(input.op.values, i) : (splatOf(input) ?? NaN),
  );
  const [x, y] = values;
  const compute = (f: (i: number) => number): Node =>
    b.constant(
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => f(i)),
      shape,
      'float32',
    );
  if (op.kind === 'unary' && x !== undefined) {
    const f = unaryOnNumbers[op.f];
    return f === undefined ? undefined : compute((i) => f(x(i)));
  }
  if (op.kind === 'binary' && x !== undefined && y !== undefined) {
    const f = binaryOnNumbers[op.f];
    return f === undefined ? undefined : compute((i) => f(x(i), y(i)));
  }
  return undefined;
}

function isKnown(node: Node, shape: readonly number[]): boolean {
  if (splatOf(node) !== undefined) return true;
  return node.op.kind === 'constant' && sameShape(node.shape, shape);
}
