import { expect, test } from 'vitest';
import { hashOfSignals, inMemory } from '../../../core/data/examples.js';
import { DatasetRegistry, type LoadedDatasets } from '../../../core/data/registry.js';
import type { Dataset, DatasetProvider, DatasetRequest } from '../../../core/data/types.js';

const one = { x: { shape: [2], data: Float32Array.of(1, 2) } };

const datasetOf = (name: string): Dataset => ({
  name,
  source: 'a test',
  hash: hashOfSignals(one, one),
  train: inMemory(1, one),
  test: inMemory(1, one),
});

const provider = (name: string, more: Partial<DatasetProvider> = {}): DatasetProvider => ({
  name,
  summary: name,
  load: (request) => Promise.resolve(datasetOf(request.name)),
  ...more,
});

test('auto is the only data set', async () => {
  const registry = new DatasetRegistry();
  registry.register(provider('one'));
  const loaded = await registry.load({ name: 'auto' });
  expect(loaded.hash).toBe(datasetOf('one').hash);
  expect(registry.names).toEqual(['auto', 'one']);
});

test('auto is the one that is offered by default, the first of several that are', async () => {
  const registry = new DatasetRegistry();
  const asked: string[] = [];
  const noting = (name: string) =>
    provider(name, {
      load: () => {
        asked.push(name);
        return Promise.resolve(datasetOf(name));
      },
    });
  registry.register(noting('one'));
  registry.register(noting('two'), true);
  registry.register(noting('three'), true);
  expect((await registry.load({ name: 'auto' })).name).toBe('two');
  expect(asked).toEqual(['two']);
});

test('auto without any, or with several of which none is the default, says so', async () => {
  const registry = new DatasetRegistry();
  await expect(registry.load({ name: 'auto' })).rejects.toMatchObject({ code: 'NCN_DATA_NONE' });
  registry.register(provider('one'));
  registry.register(provider('two'));
  await expect(registry.load({ name: 'auto' })).rejects.toMatchObject({
    code: 'NCN_DATA_SEVERAL',
    message: expect.stringContaining('one, two') as string,
  });
  expect((await registry.load({ name: 'two' })).name).toBe('two');
});

test('what follows a colon is the provider’s; an unknown name gets the nearest', async () => {
  const registry = new DatasetRegistry();
  registry.register(provider('folder'));
  expect((await registry.load({ name: 'folder:a:b' })).name).toBe('folder:a:b');
  await expect(registry.load({ name: 'foldr' })).rejects.toMatchObject({
    code: 'NCN_DATA_UNKNOWN',
    hint: expect.stringContaining("'folder'") as string,
  });
});

test('names that are taken, or are none, are refused', () => {
  const registry = new DatasetRegistry();
  registry.register(provider('one'));
  expect(() => {
    registry.register(provider('one'));
  }).toThrow("already is a data set named 'one'");
  for (const name of ['auto', 'a:b', '1st', '']) {
    expect(() => {
      registry.register(provider(name));
    }).toThrow('cannot be the name');
  }
});

test('what several experiments load is loaded once for each request', async () => {
  let loads = 0;
  const loaded: LoadedDatasets = new Map();
  const load = (request: DatasetRequest) => {
    const registry = new DatasetRegistry(loaded);
    const counting = () => {
      loads++;
      return Promise.resolve(datasetOf(request.name));
    };
    registry.register(provider('one', { load: counting }));
    return registry.load(request);
  };
  const first = await load({ name: 'one' });
  expect(await load({ name: 'one' })).toBe(first);
  expect(loads).toBe(1);
  await load({ name: 'one', dir: 'elsewhere' });
  expect(loads).toBe(2);
});

test.each<[what: string, train: Dataset['train'], message: RegExp]>([
  ['no examples', { ...inMemory(1, one), count: 0 }, /train has 0 examples/],
  [
    'a side of no size',
    { ...inMemory(1, one), signals: { x: [0] } },
    /'x' of train has the shape \[0\]/,
  ],
  ['splits that differ', { ...inMemory(1, one), signals: { y: [2] } }, /splits differ/],
])('a data set with %s is refused', async (_, train, message) => {
  const registry = new DatasetRegistry();
  registry.register(
    provider('bad', { load: () => Promise.resolve({ ...datasetOf('bad'), train }) }),
  );
  await expect(registry.load({ name: 'bad' })).rejects.toThrow(message);
});

test('a provider’s own error is kept as the cause', async () => {
  const registry = new DatasetRegistry();
  const cause = new Error('no disk');
  registry.register(provider('bad', { load: () => Promise.reject(cause) }));
  await expect(registry.load({ name: 'bad' })).rejects.toMatchObject({
    code: 'NCN_DATA_FAILED',
    message: "Data set 'bad' did not load: no disk",
    cause,
  });
});
