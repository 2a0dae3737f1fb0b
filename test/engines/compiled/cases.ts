import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { describe, test } from 'vitest';
import { expectAgreement, randomTensor, type Comparison } from './agree.js';

/** Operations on random tensors of these shapes, which must agree with tf.js on the CPU. */
export interface Case extends Comparison {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly body: (a: Tensor, b: Tensor, c: Tensor) => Tensor;
}

export const flat = { gradients: false } as const;
export const image = [2, 6, 5, 3];
export const four = (x: Tensor): Tensor4D => x as Tensor4D;
/** Puts a value into the layout of convolutions, where the shape operations must find it. */
export const after = (x: Tensor): Tensor4D =>
  tf.conv2d(four(x), tf.tensor4d(randomTensor([1, 1, 3, 3], 5).data, [1, 1, 3, 3]), 1, 'same');

export function all(group: string, cases: readonly Case[]): void {
  describe(group, () => {
    test.each(cases)('$name', async ({ shapes, body, ...options }) => {
      const inputs = shapes.map((shape, i) => randomTensor(shape, 7 * i + 1));
      await expectAgreement(body, inputs, { tolerance: 2e-5, ...options });
    });
  });
}
