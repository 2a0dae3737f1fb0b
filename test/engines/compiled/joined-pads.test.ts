import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { joinPads } from '../../../engines/compiled/passes/join-pads.js';
import { countUses } from '../../../engines/compiled/passes/liveness.js';
import { record } from '../../../engines/compiled/trace/record.js';
import { expectAgreement, randomTensor, type Body } from './agree.js';

const gates = (x: Tensor, axis: number): Tensor => {
  const [a, b, c] = tf.split(x, [2, 1, 3], axis);
  if (!a || !b || !c) throw new Error('three parts');
  const part = (y: Tensor): Tensor => tf.mean(tf.mul(y, y), axis);
  return tf.add(tf.mul(part(a), part(b)), part(c));
};

/** What is differentiated, and whether zeros and sums are left of its gradient. */
const slices: Record<string, [Body, boolean]> = {
  'three parts of the last axis': [(x) => gates(x, -1), false],
  'three parts of the first axis': [(x) => gates(x, 0), false],
  'two parts of three': [
    (x) => tf.mul(tf.square(tf.slice(x, [0, 0], [2, 6])), tf.exp(tf.slice(x, [2, 0], [2, 6]))),
    true,
  ],
  'parts that overlap': [
    (x) => tf.mul(tf.square(tf.slice(x, [0, 0], [4, 6])), tf.exp(tf.slice(x, [2, 0], [4, 6]))),
    true,
  ],
  'parts of two axes': [
    (x) => tf.mul(tf.square(tf.slice(x, [0, 0], [3, 3])), tf.exp(tf.slice(x, [3, 3], [3, 3]))),
    true,
  ],
};

test.each(Object.keys(slices))('the gradient of %s', async (name) => {
  const [body, left] = slices[name] ?? [(x: Tensor): Tensor => x, false];
  const x = randomTensor([6, 6], 1);
  await expectAgreement(body, [x]);
  const recording = record(
    {
      name: 'gradient',
      body: ({ inputs }) => {
        const given = inputs.get('x') ?? tf.scalar(NaN);
        const gradient = tf.grad((y) => tf.sum(body(y)))(given);
        return { state: new Map(), outputs: new Map([['gradient', gradient]]) };
      },
    },
    new Map(),
    { inputs: new Map([['x', x.shape]]), scalars: [] },
  );
  const kinds = [...countUses(joinPads(recording)).keys()].map(({ op }) => op.kind);
  expect(kinds.includes('pad')).toBe(left);
});
