import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ParameterSource } from './source.js';

/**
 * A tensor with the steps before it in front, along axis 1: zeros at the start of a recording.
 * @param x [batch, steps, …]
 */
export function withPast(source: ParameterSource, name: string, x: Tensor, steps: number): Tensor {
  const [batch = 1, , ...rest] = x.shape;
  if (steps === 0) return x;
  const before = source.past?.(name, x, steps) ?? tf.zeros([batch, steps, ...rest]);
  return tf.concat([before, x], 1);
}
