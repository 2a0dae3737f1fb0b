import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  removeDirectory,
  removeStale,
  replaceDirectory,
  replaceFile,
  writeFileAtomic,
} from '../../../core/run/atomic.js';
import { refusal, scratch } from './helpers.js';
import { mountTmpfs } from './mounts.js';

const root = await scratch();

async function fresh(name: string): Promise<string> {
  const directory = join(root, name);
  await mkdir(directory);
  return directory;
}

test('a file is replaced whole; a failure leaves the old one and no temporary', async () => {
  const directory = await fresh('file');
  const path = join(directory, 'a.json');
  await writeFileAtomic(path, 'one');
  await writeFileAtomic(path, new TextEncoder().encode('two'));
  const bug = new TypeError('a bug');
  await expect(
    replaceFile(path, async (file) => {
      await file.writeFile('thr');
      throw bug;
    }),
  ).rejects.toBe(bug);
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await readdir(directory)).toEqual(['a.json']);
});

test('a folder is replaced whole; a failure leaves the old one and no temporary', async () => {
  const directory = await fresh('folder');
  const path = join(directory, 'd');
  for (const text of ['one', 'two']) {
    await replaceDirectory(path, (draft) => writeFile(join(draft, text), text));
    expect(await readdir(path)).toEqual([text]);
  }
  await expect(
    replaceDirectory(path, async (draft) => {
      await writeFile(join(draft, 'three'), '3');
      throw new Error('enough');
    }),
  ).rejects.toThrow('enough');
  expect(await readdir(path)).toEqual(['two']);
  expect(await readdir(directory)).toEqual(['d']);

  await removeDirectory(path);
  await removeDirectory(path);
  expect(await readdir(directory)).toEqual([]);
});

test('what dead processes left is cleared; a replaced folder without successor comes back', async () => {
  const directory = await fresh('stale');
  const tag = '0123456789abcdef';
  await mkdir(join(directory, `.tmp-a-${tag}`, 'deep'), { recursive: true });
  await mkdir(join(directory, `.old-a-${tag}`));
  await writeFile(join(directory, `.old-a-${tag}`, 'content'), '');
  await mkdir(join(directory, 'b'));
  await mkdir(join(directory, `.old-b-${tag}`));
  await writeFile(join(directory, '.tmp-mine'), 'not ours');
  await replaceFile(join(directory, 'c'), async () => {
    // The one being written must survive.
    const removed = await removeStale(directory);
    expect(removed).toEqual([`.old-a-${tag}`, `.old-b-${tag}`, `.tmp-a-${tag}`]);
  });
  expect((await readdir(directory)).sort()).toEqual(['.tmp-mine', 'a', 'b', 'c']);
  expect(await readdir(join(directory, 'a'))).toEqual(['content']);
});

test('a missing folder and a file in the way are told apart', async () => {
  const missing = await refusal(() => writeFileAtomic(join(root, 'nowhere', 'a'), ''));
  expect(missing).toMatchObject({ code: 'NCN_RUN_MISSING', exit: 7 });
  expect(missing.message).toContain(join(root, 'nowhere', 'a'));
  expect(missing.cause).toMatchObject({ code: 'ENOENT' });

  await writeFile(join(root, 'plain'), '');
  for (const action of [
    () => writeFileAtomic(join(root, 'plain', 'a'), ''),
    () => replaceDirectory(join(root, 'plain', 'a'), () => Promise.resolve()),
    () => removeStale(join(root, 'plain')),
  ]) {
    expect((await refusal(action)).code).toBe('NCN_RUN_NOT_A_DIRECTORY');
  }
});

test('a read-only file system is named as such', async ({ skip }) => {
  const directory = join(root, 'readonly');
  const mount = mountTmpfs(directory, 'ro,size=64k');
  if (typeof mount === 'string') {
    console.warn(mount);
    return skip(mount);
  }
  try {
    const error = await refusal(() => writeFileAtomic(join(directory, 'a'), ''));
    expect(error).toMatchObject({ code: 'NCN_RUN_READ_ONLY', cause: { code: 'EROFS' } });
  } finally {
    mount.unmount();
  }
});
