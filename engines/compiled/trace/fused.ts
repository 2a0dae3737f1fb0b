import { currentContributor } from '../../../core/attribution/contributor.js';
import { unsupportedKernel } from '../../errors/compiled.js';
import type { Builder } from '../ir/builder.js';
import { at } from '../ir/shape.js';
import type { Node } from '../ir/types.js';
import type { KernelInputs } from './register.js';

/** What tf.js's fused kernels do after the contraction. */
export interface Finish {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** Bias and activation of a fused kernel. */
export function finish(b: Builder, y: Node, inputs: KernelInputs, how: Finish): Node {
  const bias = inputs.optional('bias');
  return activate(b, bias === undefined ? y : b.add(y, bias), inputs, how);
}

function activate(b: Builder, x: Node, inputs: KernelInputs, how: Finish): Node {
  const name = how.activation ?? 'linear';
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return b.unary('Relu', x);
    case 'relu6':
      return b.clip(x, 0, 6);
    case 'elu':
      return b.unary('Elu', x);
    case 'sigmoid':
      return b.unary('Sigmoid', x);
    case 'leakyrelu':
      return b.leaky(x, how.leakyreluAlpha ?? 0.2);
    case 'prelu': {
      const slopes = inputs.get('preluActivationWeights');
      return b.select(b.compare('GreaterOrEqual', x, b.splat(0)), x, b.mul(x, slopes));
    }
    default:
      throw unsupportedKernel('fused', currentContributor(), `activation ${name}`);
  }
}

/** Zeros between the values of the given axes: side n becomes (n − 1)·stride + 1. */
export function spread(
  b: Builder,
  x: Node,
  axes: readonly number[],
  strides: readonly number[],
): Node {
  return axes.reduce((y, axis, k) => {
    const [side, stride] = [at(y.shape, axis), at(strides, k)];
    if (stride === 1 || side === 1) return y;
    const split = [...y.shape.slice(0, axis + 1), 1, ...y.shape.slice(axis + 1)];
    const zeros = split.map(() => 0);
    const after = split.map((_, i) => (i === axis + 1 ? stride - 1 : 0));
    const merged = y.shape.map((s, i) => (i === axis ? s * stride : s));
    const wide = b.reshape(b.pad(b.reshape(y, split), zeros, after), merged);
    const sides = merged.map((s, i) => (i === axis ? (side - 1) * stride + 1 : s));
    return b.slice(
      wide,
      merged.map(() => 0),
      sides,
    );
  }, x);
}
