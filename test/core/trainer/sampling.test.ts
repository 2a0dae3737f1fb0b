import { expect, test } from 'vitest';
import { RandomStreams } from '../../../core/random/streams.js';
import { shuffledEpochs } from '../../../core/trainer/build/sampling.js';

const count = 50;

test('an epoch has every example once', () => {
  const sample = shuffledEpochs(new RandomStreams(3), count);
  const epoch = [1, 2, 3, 4, 5].flatMap((update) => [...sample('main/0/target', update, 10)]);
  expect(epoch.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
});

test('any update can be sampled without those before it, across epochs too', () => {
  const inOrder = shuffledEpochs(new RandomStreams(3), count);
  const seen = Array.from({ length: 20 }, (_, i) => [...inOrder('s', i + 1, 7)]);
  for (const update of [20, 8, 1, 15]) {
    const fresh = shuffledEpochs(new RandomStreams(3), count);
    expect([...fresh('s', update, 7)]).toEqual(seen[update - 1]);
  }
});

test('streams and seeds are independent', () => {
  const sample = shuffledEpochs(new RandomStreams(3), count);
  const other = shuffledEpochs(new RandomStreams(4), count);
  expect([...sample('target', 1, 20)]).not.toEqual([...sample('reference', 1, 20)]);
  expect([...sample('target', 1, 20)]).not.toEqual([...other('target', 1, 20)]);
});
