import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterEach, expect, test } from 'vitest';
import { compiledEngine } from '../../../engines/compiled/index.js';
import { expectAgreement, randomTensor } from './agree.js';

const variable = 'NCN_COMPILED_LAYOUT';
const before = process.env[variable];
afterEach(() => {
  if (before === undefined) Reflect.deleteProperty(process.env, variable);
  else process.env[variable] = before;
});

const four = (x: Tensor): Tensor4D => x as Tensor4D;

/** Residual layers, as in the generator, with strides and a last layer of few channels. */
function network(x: Tensor, f: Tensor, g: Tensor, last: Tensor): Tensor {
  const first = tf.conv2d(four(x), four(f), 1, 'same');
  const second = four(tf.add(tf.elu(tf.conv2d(first, four(g), 1, 'same')), first));
  const half = tf.conv2d(tf.leakyRelu(second), four(g), 2, 'same');
  return tf.conv2d(half, four(last), 1, 'valid');
}

test.each(['plain', 'blocked'])('convolutions in the %s layout', async (layout) => {
  process.env[variable] = layout;
  const session = await compiledEngine.open({ threads: 2 });
  if (layout === 'plain') expect(session.engine.device).toContain('plain');
  const inputs = [
    randomTensor([2, 8, 8, 32], 1),
    randomTensor([3, 3, 32, 32], 2, -0.1, 0.1),
    randomTensor([3, 3, 32, 32], 3, -0.1, 0.1),
    randomTensor([3, 3, 32, 2], 4, -0.1, 0.1),
  ];
  await expectAgreement(network, inputs, { tolerance: 3e-5 }, session);
  await session.close();
});

test('one thread and three agree with tf.js', async () => {
  for (const threads of [1, 3]) {
    const session = await compiledEngine.open({ threads });
    expect(session.engine.device).toContain(`${threads} thread`);
    const inputs = [randomTensor([2, 8, 8, 16], 1), randomTensor([3, 3, 16, 16], 2)];
    const conv = (x: Tensor, f: Tensor): Tensor => tf.conv2d(four(x), four(f), 1, 'same');
    await expectAgreement(conv, inputs, {}, session);
    await session.close();
  }
});

test('a layout that there is not is named, with the nearest that there is', () => {
  process.env[variable] = 'blokced';
  expect(() => compiledEngine.open({ threads: 1 })).toThrow(/NCN_COMPILED_LAYOUT is 'blokced'/);
});

test.each([
  [[4, 30, 31, 1], []],
  [[3, 1000, 1], []],
  [[2200, 1, 1], [1]],
] as const)('an image %o and a single number %o, in both orders', async (image, single) => {
  const inputs = [randomTensor(image, 1), randomTensor(single, 2, 1, 2)];
  const body = (x: Tensor, s: Tensor): Tensor =>
    tf.add(tf.mul(tf.mul(x, 3), s), tf.sub(1, tf.div(s, tf.add(tf.square(x), 1))));
  await expectAgreement(body, inputs);
});
