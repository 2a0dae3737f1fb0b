import { splatOf } from '../ir/graph.js';
import { at, sameShape } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import { float } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { convolve } from './conv-forward.js';
import { inputGradient, takesResidual } from './conv-input.js';

/**
 * Sums of images that one ONNX node can compute: convolution + bias, (x − mean) · slope + offset,
 * gradient + residual.
 * @returns the sum's value, if it is one of these
 */
export function lowerFusedSum(c: Context, node: Node): Value | undefined {
  if (node.op.kind !== 'binary' || node.op.f !== 'Add' || node.shape.length !== 4) return undefined;
  const [p, q] = [at(node.inputs, 0), at(node.inputs, 1)];
  return fuse(c, node, p, q) ?? fuse(c, node, q, p);
}

/** Whether only this sum needs the term, so that it need not exist by itself. */
function isOwn(c: Context, term: Node): boolean {
  return c.usesOf(term) === 1 && !c.isLowered(term);
}

function fuse(c: Context, node: Node, term: Node, other: Node): Value | undefined {
  if (!isOwn(c, term) || !sameShape(term.shape, node.shape)) return undefined;
  if (perChannel(other, node)) {
    if (term.op.kind === 'conv') {
      const [layout, value] = convolve(c, term, term.op.window, c.get(other));
      return c.put(node, layout, value);
    }
    return fuseAffine(c, node, term, other);
  }
  if (term.op.kind !== 'convInput' || !sameShape(other.shape, node.shape)) return undefined;
  // A residual that comes later in the program would have to wait for this sum.
  if (other.id > term.id || !takesResidual(c, term, term.op.window)) return undefined;
  const [layout, value] = inputGradient(c, term, term.op.window, other);
  return c.put(node, layout, value);
}

/** (x − mean) · slope + offset or x · slope + offset, per channel, as an inference batch norm. */
function fuseAffine(c: Context, node: Node, product: Node, offset: Node): Value | undefined {
  if (product.op.kind !== 'binary' || product.op.f !== 'Mul') return undefined;
  const [a, b] = [at(product.inputs, 0), at(product.inputs, 1)];
  const [image, slope] = perChannel(b, node) ? [a, b] : [b, a];
  if (!perChannel(slope, node) || !sameShape(image.shape, node.shape)) return undefined;
  const channels = at(node.shape, 3);
  const all = (value: number): string =>
    c.graph.tensor(new Float32Array(channels).fill(value), [channels], 'float32');
  const [x, mean] = centred(image, node);
  return c.put(
    node,
    'channels',
    c.graph.op(
      'BatchNormalization',
      [
        c.get(x, 'channels'),
        c.get(slope),
        c.get(offset),
        mean === undefined ? all(0) : c.get(mean),
        all(1),
      ],
      { epsilon: float(0) },
    ),
  );
}

/** x and mean, where the image is x − mean. */
function centred(image: Node, node: Node): [Node, Node | undefined] {
  if (image.op.kind !== 'binary' || image.op.f !== 'Sub') return [image, undefined];
  const [x, mean] = [at(image.inputs, 0), at(image.inputs, 1)];
  return perChannel(mean, node) && sameShape(x.shape, node.shape) ? [x, mean] : [image, undefined];
}

function perChannel(vector: Node, image: Node): boolean {
  return (
    vector.shape.length === 1 &&
    vector.shape[0] === image.shape[3] &&
    vector.shape[0] !== 1 &&
    splatOf(vector) === undefined
  );
}
