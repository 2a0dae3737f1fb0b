import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { expectAgreement, randomTensor } from './agree.js';

describe('convolution', () => {
  it.each([
    { x: [2, 7, 6, 3], f: [3, 3, 3, 5], s: 1, pad: 'same' },
    { x: [2, 7, 6, 3], f: [3, 3, 3, 5], s: 2, pad: 'same' },
    { x: [2, 7, 6, 3], f: [3, 2, 3, 5], s: 1, pad: 'valid' },
    { x: [2, 8, 8, 16], f: [3, 3, 16, 32], s: 1, pad: 'same' },
    { x: [2, 8, 8, 32], f: [3, 3, 32, 32], s: 1, pad: 'same' },
    { x: [2, 9, 9, 32], f: [5, 5, 32, 32], s: 1, pad: 'valid' },
    { x: [2, 8, 8, 32], f: [4, 4, 32, 32], s: 2, pad: 'same' },
    { x: [1, 6, 6, 256], f: [4, 4, 256, 256], s: 2, pad: 'same' },
    { x: [2, 5, 5, 256], f: [3, 3, 256, 256], s: 2, pad: 'valid' },
    { x: [3, 4, 4, 24], f: [4, 4, 24, 32], s: 1, pad: 'valid' },
    { x: [3, 1, 1, 24], f: [1, 1, 24, 1], s: 1, pad: 'valid' },
    { x: [2, 8, 8, 32], f: [3, 3, 32, 2], s: 1, pad: 'same' },
    { x: [2, 8, 8, 2], f: [3, 3, 2, 1], s: 1, pad: 'same' },
    { x: [2, 9, 8, 4], f: [2, 2, 4, 2], s: 2, pad: 'valid' },
    { x: [2, 10, 10, 24], f: [5, 5, 24, 32], s: 1, pad: 'valid' },
    { x: [20, 16, 16, 16], f: [4, 4, 16, 16], s: 2, pad: 'same' },
    { x: [32, 12, 12, 16], f: [3, 5, 16, 16], s: 2, pad: 'same' },
    { x: [43, 15, 15, 16], f: [3, 3, 16, 16], s: 3, pad: 'same' },
    { x: [16, 7, 8, 3], f: [5, 5, 3, 16], s: 1, pad: 'valid' },
    { x: [13, 6, 6, 8], f: [5, 4, 8, 16], s: 1, pad: 'same' },
    { x: [16, 5, 6, 16], f: [3, 3, 16, 16], s: 1, pad: 'same' },
    { x: [16, 6, 7, 32], f: [3, 3, 32, 16], s: 1, pad: 'same' },
    { x: [15, 7, 6, 16], f: [3, 2, 16, 12], s: 1, pad: 'same' },
    { x: [16, 7, 6, 32], f: [2, 3, 32, 20], s: 1, pad: 'valid' },
    { x: [3, 6, 5, 2], f: [3, 3, 2, 64], s: 1, pad: 'same' },
    // Gradients for the filter in pieces, of either side.
    { x: [16, 64, 40, 1], f: [3, 3, 1, 16], s: 1, pad: 'same' },
    { x: [16, 60, 48, 16], f: [3, 2, 16, 1], s: 1, pad: 'valid' },
    // Of which the way to fewer channels is a sum of what each position gives.
    { x: [3, 9, 8, 12], f: [3, 5, 12, 3], s: 1, pad: 'same' },
    { x: [3, 9, 8, 12], f: [4, 3, 12, 2], s: 1, pad: 'valid' },
    { x: [2, 7, 9, 3], f: [2, 5, 3, 20], s: 1, pad: 'same' },
    // Large enough for phases: shifts of the gradient, and of the image.
    { x: [2, 5, 33, 8], f: [1, 5, 8, 12], s: [1, 2], pad: 'same' },
    { x: [2, 5, 34, 4], f: [1, 5, 4, 24], s: [1, 2], pad: 'same' },
    { x: [3, 32, 31, 4], f: [5, 4, 4, 12], s: [2, 2], pad: 'same' },
    { x: [2, 40, 62, 2], f: [3, 7, 2, 20], s: [2, 3], pad: 'valid' },
    { x: [2, 41, 3, 4], f: [2, 1, 4, 5], s: [3, 1], pad: 'valid' },
  ] as const)('$x * $f, stride $s, $pad', async ({ x, f, s, pad }) => {
    const conv = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      tf.conv2d(a as Tensor4D, b as Tensor4D, typeof s === 'number' ? s : [...s], pad);
    await expectAgreement(conv, [randomTensor(x, 1), randomTensor(f, 2)]);
  });
});
