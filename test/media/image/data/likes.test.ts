import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fashionProvider } from '../../../../media/image/data/likes.js';
import { bytesOf, contextOf, idxFile, registryOf, temporaryFolder } from './fixtures.js';

const names = ['train-images-idx3-ubyte', 't10k-images-idx3-ubyte'];

async function write(dir: string, files: readonly string[], height: number, width: number) {
  await mkdir(dir, { recursive: true });
  for (const [i, name] of files.entries()) {
    await writeFile(join(dir, name), idxFile(3 - i, height, width));
  }
}

test('Fashion-MNIST is found by name: in --data, NCN_DATA, the cache', async () => {
  const [data, named] = [await temporaryFolder(), await temporaryFolder()];
  const context = await contextOf({ NCN_DATA: named });
  const registry = registryOf(context);
  await expect(registry.load({ name: 'fashion-mnist' })).rejects.toMatchObject({
    code: 'NCN_DATA_SET_MISSING',
    hint: expect.stringContaining('github.com/zalandoresearch/fashion-mnist') as string,
  });
  await write(join(context.cache, 'fashion-mnist'), names, 4, 4);
  const sourceOf = async (request: { dir?: string }) =>
    (await fashionProvider(context).load({ name: 'fashion-mnist', ...request })).source;
  expect(await sourceOf({})).toBe(join(context.cache, 'fashion-mnist'));
  await write(join(named, 'fashion-mnist'), names, 4, 4);
  expect(await sourceOf({})).toBe(join(named, 'fashion-mnist'));
  await write(data, names, 4, 4);
  expect(await sourceOf({ dir: data })).toBe(data);
  expect((await registry.load({ name: `fashion-mnist:${data}` })).source).toBe(data);
  await expect(registry.load({ name: `fashion-mnist:${data}`, dir: named })).rejects.toMatchObject({
    code: 'NCN_DATA_TWO_FOLDERS',
  });
  const { train, test: tested } = await registry.load({ name: 'fashion-mnist' });
  expect([train.count, tested.count]).toEqual([3, 2]);
});

test('EMNIST is set upright, and its parts are told apart', async () => {
  const dir = await temporaryFolder();
  await write(
    dir,
    ['emnist-letters-train-images-idx3-ubyte', 'emnist-letters-test-images-idx3-ubyte'],
    2,
    3,
  );
  const registry = registryOf(await contextOf());
  const { train, name } = await registry.load({ name: 'emnist:letters', dir });
  expect(name).toBe('emnist:letters');
  expect(train.signals).toEqual({ image: [3, 2, 1] });
  // Pixels 0 1 2 / 3 4 5 lie on their side.
  expect([...(await bytesOf(train))].slice(0, 6)).toEqual([0, 3, 1, 4, 2, 5]);
  expect([...(await bytesOf(train))].slice(6, 12)).toEqual([6, 9, 7, 10, 8, 11]);
  await expect(registry.load({ name: 'emnist:digits', dir })).rejects.toMatchObject({
    code: 'NCN_DATA_SET_MISSING',
  });
  await expect(registry.load({ name: 'emnist:letter', dir })).rejects.toThrow(
    "'emnist' has no part 'letter'.",
  );
  await expect(registry.load({ name: `emnist:letters:${dir}` })).rejects.toMatchObject({
    code: 'NCN_DATA_SET_PART',
    hint: expect.stringContaining('--data DIR') as string,
  });
});
