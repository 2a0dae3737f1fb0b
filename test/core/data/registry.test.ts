import { expect, test } from 'vitest';
import { hashOfSignals, inMemory } from '../../../core/data/examples.js';
import { DatasetRegistry, type LoadedDatasets } from '../../../core/data/registry.js';
import type { Dataset, DatasetProvider, Examples } from '../../../core/data/types.js';
import { NcnError } from '../../../core/errors/error.js';

const signal = (count: number) => ({ x: { shape: [2], data: new Float32Array(count * 2) } });

const dataset = (name: string): Dataset => ({
  name,
  train: inMemory(4, signal(4)),
  test: inMemory(2, signal(2)),
  hash: hashOfSignals(signal(4), signal(2)),
  source: 'made in the test',
});

const provider = (name: string, more: Partial<DatasetProvider> = {}): DatasetProvider => ({
  name,
  summary: `the data set ${name}`,
  load: (request) => Promise.resolve(dataset(request.name)),
  ...more,
});

function registryOf(...names: string[]): DatasetRegistry {
  const registry = new DatasetRegistry();
  for (const name of names) registry.register(provider(name));
  return registry;
}

async function errorOf(promise: Promise<unknown>): Promise<NcnError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof NcnError) return error;
  throw new Error('no error for people', { cause: error });
}

test('a data set is found by its name, perhaps with an argument', async () => {
  const registry = registryOf('mnist', 'glyphs');
  expect(registry.names).toEqual(['auto', 'mnist', 'glyphs']);
  expect(registry.providers.map(({ name }) => name)).toEqual(['mnist', 'glyphs']);
  expect((await registry.load({ name: 'glyphs' })).train.count).toBe(4);
  expect((await registry.load({ name: 'mnist:big' })).name).toBe('mnist:big');
});

test('an unknown name is answered with the nearest', async () => {
  const registry = registryOf('mnist', 'glyphs');
  const error = await errorOf(registry.load({ name: 'mnits' }));
  expect(error.code).toBe('NCN_DATA_UNKNOWN');
  expect(error.hint).toContain("Did you mean 'mnist'?");
  for (const name of ['', ':x', 'auto2']) {
    expect((await errorOf(registry.load({ name }))).code).toBe('NCN_DATA_UNKNOWN');
  }
});

test('auto is what a plugin offers by default, or the only one', async () => {
  const auto = { name: 'auto' };
  const registry = registryOf('a', 'b');
  const several = await errorOf(registry.load(auto));
  expect([several.code, several.message]).toEqual([
    'NCN_DATA_SEVERAL',
    'Several data sets are offered, and none of them by default: a, b.',
  ]);
  const own = (name: string) => provider(name, { load: () => Promise.resolve(dataset(name)) });
  registry.register(own('c'), true);
  registry.register(own('d'), true);
  // Of two plugins the first decides.
  expect((await registry.load(auto)).name).toBe('c');
  expect((await errorOf(new DatasetRegistry().load(auto))).code).toBe('NCN_DATA_NONE');
  const single = new DatasetRegistry();
  single.register(own('only'));
  expect((await single.load(auto)).name).toBe('only');
});

test('two of one name, and names that cannot be given, are refused', () => {
  const registry = registryOf('mine');
  expect(() => registry.register(provider('mine'))).toThrow(/already is a data set named 'mine'/);
  for (const name of ['auto', '', 'a:b', '-x']) {
    expect(() => registry.register(provider(name))).toThrow(/cannot be the name/);
  }
});

test('what is loaded for many is loaded once for each request and provider', async () => {
  const loaded: LoadedDatasets = new Map();
  let times = 0;
  const load = (name: string, dir?: string) => {
    const registry = new DatasetRegistry(loaded);
    const counting = provider('a', {
      load: (request) => {
        times++;
        return Promise.resolve(dataset(request.name));
      },
    });
    registry.register(counting);
    return registry.load({ name, ...(dir === undefined ? {} : { dir }) });
  };
  const first = await load('a');
  expect(await load('a')).toBe(first);
  expect(times).toBe(1);
  expect(await load('a:b')).not.toBe(first);
  expect(await load('a', '/x')).not.toBe(first);
  expect(times).toBe(3);
});

test('what a provider does wrong is named', async () => {
  const registry = new DatasetRegistry();
  const whole = dataset('short');
  const none: Examples = { ...whole.test, count: 0 };
  const flat: Examples = { ...whole.test, signals: { x: [0] } };
  const other: Examples = { ...whole.test, signals: { y: [2] } };
  for (const [name, test] of Object.entries({ none, flat, other })) {
    registry.register(provider(name, { load: () => Promise.resolve({ ...whole, test }) }));
  }
  registry.register(provider('throws', { load: () => Promise.reject(new Error('oops')) }));
  const messageOf = async (name: string) => {
    const { code, message } = await errorOf(registry.load({ name }));
    return [code, message];
  };
  expect(await messageOf('none')).toEqual([
    'NCN_DATA_INVALID',
    "Data set 'none' is not valid: test has 0 examples.",
  ]);
  expect((await messageOf('flat'))[1]).toContain("the signal 'x' of test has the shape [0]");
  expect((await messageOf('other'))[1]).toContain('train has x [2], test y [2]');
  const thrown = await errorOf(registry.load({ name: 'throws' }));
  expect(thrown.message).toBe("Data set 'throws' did not load: oops");
  expect(thrown.cause).toBeInstanceOf(Error);
});

test('an outline is given where the provider can tell without loading', () => {
  const registry = registryOf('slow');
  registry.register(provider('quick', { outline: ({ name }) => dataset(name) }));
  expect(registry.outline({ name: 'slow' })).toBeUndefined();
  expect(registry.outline({ name: 'quick' })?.name).toBe('quick');
});
