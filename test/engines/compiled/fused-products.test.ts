import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { fuseProducts } from '../../../engines/compiled/passes/fuse-products.js';
import { countUses } from '../../../engines/compiled/passes/liveness.js';
import { record } from '../../../engines/compiled/trace/record.js';
import { expectAgreement, randomTensor, type Body } from './agree.js';

const product = (a: Tensor, b: Tensor): Tensor => tf.matMul(a, b, false, true);

/** What is computed, and how many operations are left of it. */
const sums: Record<string, [Body, number]> = {
  'a matrix and a product': [(a, b, c) => tf.add(c, product(a, b)), 1],
  'multiples of both': [(a, b, c) => tf.add(tf.mul(product(a, b), 2.5), tf.mul(-0.5, c)), 1],
  'two products': [(a, b) => tf.add(product(a, b), tf.mul(product(b, a), 3)), 2],
  'a product that is needed elsewhere': [(a, b) => tf.add(product(a, b), tf.exp(product(a, b))), 3],
  'a vector': [(a, b, c) => tf.add(product(a, b), tf.mean(c, 0)), 3],
  'the same product twice': [(a, b) => tf.add(tf.mul(product(a, b), 2), product(a, b)), 3],
};

test.each(Object.keys(sums))('a sum of %s', async (name) => {
  const [body, left] = sums[name] ?? [(x: Tensor): Tensor => x, NaN];
  const shape = [5, 5];
  await expectAgreement(
    body,
    [1, 2, 3].slice(0, body.length).map((seed) => randomTensor(shape, seed)),
  );
  const names = ['a', 'b', 'c'];
  const recording = record(
    {
      name: 'sum',
      body: ({ inputs }) => {
        const given = names.map((key) => inputs.get(key) ?? tf.scalar(NaN));
        return { state: new Map(), outputs: new Map([['y', body(...given)]]) };
      },
    },
    new Map(),
    { inputs: new Map(names.map((key) => [key, shape])), scalars: [] },
  );
  const fused = fuseProducts(recording);
  const operations = [...countUses(fused).keys()].filter(
    ({ op }) => op.kind !== 'input' && op.kind !== 'splat',
  );
  expect(operations).toHaveLength(left);
});
