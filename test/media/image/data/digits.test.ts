import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DatasetRegistry, LoadedDatasets } from '../../../../core/data/registry.js';
import { ExitCode } from '../../../../core/errors/error.js';
import { obtainMnist } from '../../../../media/image/data/mnist.js';
import {
  contextOf,
  errorOf,
  idxFile,
  idxFolder,
  registryOf,
  serve,
  temporaryFolder,
} from './fixtures.js';

const registry = async (env?: Record<string, string>): Promise<DatasetRegistry> =>
  registryOf(await contextOf(env));

test.each(['auto', 'digits'])('%s without MNIST is glyphs, with a notice', async (name) => {
  const data = await temporaryFolder();
  const heard: string[] = [];
  const dataset = await (
    await registry({ NCN_DATA: data })
  ).load({ name, report: (message) => heard.push(message) });
  expect(dataset.name).toBe('glyphs');
  expect(dataset.notice).toBe('Trained on the embedded glyphs data set: MNIST was not available.');
  expect(heard).toHaveLength(1);
  expect(heard[0]).toMatch(
    /^MNIST was not available \(not found in .*NCN_OFFLINE.*\): the embedded glyphs take its place\.$/,
  );
  expect(heard[0]).toContain(`${data} (NCN_DATA)`);
});

test('what is loaded for many is looked for once, and each request has its own', async () => {
  const context = await contextOf({ NCN_DATA: await temporaryFolder() });
  const loaded: LoadedDatasets = new Map();
  const heard: string[] = [];
  const load = (name: string) =>
    registryOf(context, loaded).load({ name, report: (message) => heard.push(message) });
  const first = await load('auto');
  expect(await load('auto')).toBe(first);
  expect(heard).toHaveLength(1);
  expect(await load('glyphs')).not.toHaveProperty('notice');
});

test('a failed download is named in why MNIST is not available', async () => {
  const context = await contextOf({ NCN_OFFLINE: '', NCN_MNIST_MIRRORS: 'http://127.0.0.1:1, ' });
  const outcome = await obtainMnist({ name: 'auto' }, context, 200);
  expect(outcome).toHaveProperty(
    'unavailable',
    expect.stringMatching(/not found in .*mnist \(cache\); could not download .*127\.0\.0\.1:1: /),
  );
});

test('explicit mnist that cannot be had is an error that says what to do', async () => {
  const error = await errorOf((await registry()).load({ name: 'mnist' }));
  expect(error.code).toBe('NCN_DATA_MNIST_UNAVAILABLE');
  expect(error.exit).toBe(ExitCode.data);
  expect(error.message).toMatch(/\(cache\).*NCN_OFFLINE/);
  for (const way of ['NCN_DATA', '--data', 'ncn data fetch', '--dataset glyphs']) {
    expect(error.hint).toContain(way);
  }
});

test.each(['auto', 'digits', 'mnist'])(
  '%s with a folder that lacks MNIST is an error',
  async (name) => {
    const dir = await temporaryFolder();
    const datasets = await registry();
    const error = await errorOf(datasets.load({ name, dir }));
    expect(error.code).toBe('NCN_DATA_FILES_MISSING');
    expect(error.message).toContain(dir);
    expect(error.message).toMatch(/train-images-idx3-ubyte and t10k-images-idx3-ubyte/);
    const named = await errorOf(datasets.load({ name: `${name}:${dir}` }));
    expect(named.message).toBe(error.message);
    await writeFile(join(dir, 't10k-images-idx3-ubyte'), idxFile(3, 4, 6));
    expect((await errorOf(datasets.load({ name, dir }))).message).toMatch(
      /missing train-images-idx3-ubyte \(/,
    );
    const none = await errorOf(datasets.load({ name, dir: join(dir, 'none') }));
    expect(none.code).toBe('NCN_DATA_NO_FOLDER');
  },
);

test.each(['auto', 'digits', 'mnist'])('%s refuses other images than MNIST', async (name) => {
  const dir = await idxFolder();
  const named = await errorOf((await registry()).load({ name, dir }));
  const found = await errorOf((await registry({ NCN_DATA: dir })).load({ name }));
  for (const error of [named, found]) {
    expect(error.code).toBe('NCN_DATA_HASH');
    expect(error.message).toContain(join(dir, 'train-images-idx3-ubyte'));
    expect(error.message).toMatch(/expected ba891046/);
    expect(error.hint).toContain('idx:DIR');
  }
});

test('a damaged file in the cache is an error where it cannot be replaced', async () => {
  const context = await contextOf();
  const dir = join(context.cache, 'mnist');
  const mirror = await serve((_, response) => response.writeHead(404).end());
  for (const env of [context.env, { NCN_MNIST_MIRRORS: mirror }]) {
    const datasets = registryOf({ env, cache: context.cache });
    await mkdir(dir, { recursive: true });
    for (const split of ['train', 't10k']) {
      await writeFile(join(dir, `${split}-images-idx3-ubyte`), idxFile(2, 28, 28));
    }
    const heard: string[] = [];
    const load = datasets.load({ name: 'auto', report: (message) => heard.push(message) });
    expect((await errorOf(load)).code).toBe('NCN_DATA_HASH');
    expect(heard[0]).toMatch(/It is downloaded again/);
    expect(await readdir(dir)).toHaveLength(2);
  }
});

test('idx:DIR takes images of any size; --data may name the folder', async () => {
  const dir = await idxFolder();
  const datasets = await registry();
  const dataset = await datasets.load({ name: `idx:${dir}` });
  expect(dataset).toMatchObject({ name: `idx:${dir}`, source: dir });
  expect([dataset.train.count, dataset.test.count]).toEqual([5, 3]);
  expect(dataset.train.signals).toEqual({ image: [4, 6, 1] });
  expect((await datasets.load({ name: 'idx', dir })).hash).toBe(dataset.hash);
  expect((await datasets.load({ name: `idx:${dir}`, dir })).hash).toBe(dataset.hash);
});

test('idx needs one folder, with files that go together', async () => {
  const datasets = await registry();
  const dir = await idxFolder();
  const codeOf = async (name: string, folder?: string): Promise<string> =>
    (await errorOf(datasets.load({ name, ...(folder === undefined ? {} : { dir: folder }) }))).code;
  expect(await codeOf('idx')).toBe('NCN_DATA_IDX_FOLDER');
  expect(await codeOf('idx:')).toBe('NCN_DATA_IDX_FOLDER');
  expect(await codeOf(`idx:${dir}`, '/elsewhere')).toBe('NCN_DATA_TWO_FOLDERS');
  expect(await codeOf(`idx:${join(dir, 'none')}`)).toBe('NCN_DATA_NO_FOLDER');
  expect(await codeOf(`idx:${join(dir, 'train-images-idx3-ubyte')}`)).toBe('NCN_DATA_NO_FOLDER');
  await writeFile(join(dir, 't10k-images.idx3-ubyte'), idxFile(3, 6, 4));
  expect(await codeOf(`idx:${dir}`)).toBe('NCN_DATA_SHAPES_DIFFER');
});
