import type { TopKAttrs } from '@tensorflow/tfjs-core';
import { currentContributor } from '../../../../core/attribution/contributor.js';
import { unsupportedKernel } from '../../../errors/compiled.js';
import { kernel } from '../register.js';

// Sorted whether that was asked for or not: tf.js promises no other order.
kernel<TopKAttrs>('TopK', (b, i, { k }) => {
  const x = i.get('x');
  if (x.dtype === 'bool') throw unsupportedKernel('TopK', currentContributor(), 'of truth values');
  return [b.topk('values', x, k), b.topk('indices', x, k)];
});
