import { expect, test } from 'vitest';
import type { DatasetPayload, Sampler } from '../../../core/index.js';
import { RandomStreams } from '../../../core/random/streams.js';
import { shuffledEpochs } from '../../../core/trainer/build/sampling.js';
import { batchesOf } from '../../../core/trainer/loop/batches-of.js';
import { prepareTiny } from '../../../lab/testing/prepare.js';
import { pluginOf } from '../../support/plugin.js';
import { oneBatch } from '../../support/tiny.js';

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

const inDataset = (tap: (payload: DatasetPayload) => void) =>
  prepareTiny({ plugins: [pluginOf(({ hooks }) => hooks.dataset.tap(tap))] });

const list = (sampler: (batchSize: number) => unknown): Sampler =>
  new Proxy(() => new Uint32Array(), {
    apply: (_target, _self, [, , batchSize]: Parameters<Sampler>) => sampler(batchSize),
  });

test.each<[what: string, sampler: Sampler, message: RegExp]>([
  [
    'too few',
    (_stream, _update, size) => new Uint32Array(size - 1),
    /gives \d+ indexes for update 3/,
  ],
  ['one that is not there', (_s, _u, size) => new Uint32Array(size).fill(1e9), /index 1000000000 /],
  ['a list', list((size) => Array<number>(size).fill(0)), /not give a Uint32Array/],
])('a sampler that gives %s is refused, with its plugin', async (_what, sampler, message) => {
  const prepared = await inDataset(({ sample }) => {
    sample(sampler);
  });
  const batch = batchesOf(prepared).at(oneBatch, 3);
  await expect(batch).rejects.toThrow(message);
  await expect(batch).rejects.toThrow(/^Plugin 'test' failed in its sampler 'training batches'/);
});

test('a data set that takes the place of another is looked at as one that is loaded', async () => {
  const emptied = inDataset(({ dataset, replace }) => {
    replace({ ...dataset, train: { ...dataset.train, count: 0 } });
  });
  await expect(emptied).rejects.toThrow(/'test' failed in hook 'dataset'.*train has 0 examples/);
  const none: { readonly dataset?: DatasetPayload['dataset'] } = {};
  const gone = inDataset(({ replace }) => {
    Reflect.apply(replace, undefined, [none.dataset]);
  });
  await expect(gone).rejects.toThrow(
    /'test' failed in hook 'dataset'.*is not valid: Invalid input/,
  );
});

test('examples that cannot be read name the plugin that they are from', async () => {
  const prepared = await inDataset(({ dataset, replace }) => {
    const read = (): never => {
      throw new Error('boom');
    };
    replace({ ...dataset, train: { ...dataset.train, read } });
  });
  await expect(batchesOf(prepared).at(oneBatch, 1)).rejects.toThrow(
    /^Plugin 'test' failed in its data set '.*': boom/,
  );
});
