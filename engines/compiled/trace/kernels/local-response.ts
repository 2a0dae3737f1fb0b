import type { LRNAttrs } from '@tensorflow/tfjs-core';
import type { Builder } from '../../ir/builder.js';
import { four, range } from '../../ir/shape.js';
import type { Node } from '../../ir/types.js';
import { kernel } from '../register.js';

// Local response normalisation: Krizhevsky et al. (2012), section 3.3.

kernel<LRNAttrs>('LRN', (b, i, a) => {
  const x = i.get('x');
  return b.mul(x, b.binary('Pow', norm(b, x, a), b.splat(-a.beta)));
});

kernel<LRNAttrs>('LRNGrad', (b, i, a) => {
  const [x, y, dy] = [i.get('x'), i.get('y'), i.get('dy')];
  const base = norm(b, x, a);
  const direct = b.mul(dy, b.binary('Pow', base, b.splat(-a.beta)));
  const around = neighbours(b, b.div(b.mul(y, dy), base), a.depthRadius);
  return b.sub(direct, b.mul(b.mul(x, around), b.splat(2 * a.alpha * a.beta)));
});

/** bias + alpha · Σ x² over the channels around each. */
function norm(b: Builder, x: Node, { depthRadius, bias, alpha }: LRNAttrs): Node {
  const sum = neighbours(b, b.unary('Square', x), depthRadius);
  return b.add(b.mul(sum, b.splat(alpha)), b.splat(bias));
}

function neighbours(b: Builder, x: Node, radius: number): Node {
  const wide = b.pad(x, [0, 0, 0, radius], [0, 0, 0, radius]);
  const shape = four(x.shape);
  return range(2 * radius + 1)
    .map((offset) => b.slice(wide, [0, 0, 0, offset], shape))
    .reduce((sum, part) => b.add(sum, part));
}
