import type { LeakyReluAttrs, LogSoftmaxAttrs, SoftmaxAttrs } from '@tensorflow/tfjs-core';
import type { Builder } from '../../ir/builder.js';
import type { Node } from '../../ir/types.js';
import { kernel } from '../register.js';

// Constants of Klambauer et al. (2017); the first is alpha · scale, as in tf.js.
const seluSlope = 1.7580993408473768;
const seluScale = 1.0507009873554805;

kernel('Relu', (b, i) => b.unary('Relu', i.get('x')));
kernel('Relu6', (b, i) => b.clip(i.get('x'), 0, 6));
kernel('Elu', (b, i) => b.unary('Elu', i.get('x')));
kernel('Sigmoid', (b, i) => b.unary('Sigmoid', i.get('x')));
kernel('Tanh', (b, i) => b.unary('Tanh', i.get('x')));
kernel('Softplus', (b, i) => b.unary('Softplus', i.get('x')));

kernel<LeakyReluAttrs>('LeakyRelu', (b, i, { alpha }) => b.leaky(i.get('x'), alpha));

kernel('Prelu', (b, i) => prelu(b, i.get('x'), i.get('alpha')));

kernel('Selu', (b, i) => {
  const x = i.get('x');
  const negative = b.mul(b.unary('Elu', x), b.splat(seluSlope));
  const positive = b.mul(x, b.splat(seluScale));
  return b.select(b.compare('GreaterOrEqual', x, b.splat(0)), positive, negative);
});

kernel('EluGrad', (b, i) => b.binary('EluGrad', i.get('dy'), i.get('y')));

kernel<SoftmaxAttrs>('Softmax', (b, i, { dim }) => {
  const x = i.get('logits');
  const axis = dim < 0 ? dim + x.shape.length : dim;
  const powers = b.unary('Exp', b.sub(x, b.reduceKeep('Max', x, [axis])));
  return b.div(powers, b.reduceKeep('Sum', powers, [axis]));
});

kernel<LogSoftmaxAttrs>('LogSoftmax', (b, i, { axis }) => {
  const x = i.get('logits');
  const along = axis < 0 ? axis + x.shape.length : axis;
  const centred = b.sub(x, b.reduceKeep('Max', x, [along]));
  const total = b.reduceKeep('Sum', b.unary('Exp', centred), [along]);
  return b.sub(centred, b.unary('Log', total));
});

export function prelu(b: Builder, x: Node, alpha: Node): Node {
  return b.select(b.compare('GreaterOrEqual', x, b.splat(0)), x, b.mul(x, alpha));
}
