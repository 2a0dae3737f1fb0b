import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeptFiles } from '../../../core/run/kept-files.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ncn-kept-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const folder = (): string => join(root, 'cache', 'programs');
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

test('bytes are found again, by their key and who kept them', async () => {
  await new KeptFiles(folder(), 'one').write('a', bytes(100, 7));
  await new KeptFiles(folder(), 'one').write('b', bytes(0, 0));
  const again = new KeptFiles(folder(), 'one');
  expect(again.find('a')).toEqual(Buffer.alloc(100, 7));
  expect(again.find('b')).toHaveLength(0);
  expect(again.find('c')).toBeUndefined();
  expect(new KeptFiles(folder(), 'another').find('a')).toBeUndefined();
});

test('what is damaged counts as not there, and can be kept anew', async () => {
  const kept = new KeptFiles(folder(), 'one');
  await kept.write('a', bytes(100, 7));
  const [name = ''] = await readdir(folder());
  const file = join(folder(), name);
  const whole = await readFile(file);
  const flipped = Buffer.from(whole);
  flipped.writeUInt8(flipped.readUInt8(60) ^ 1, 60);
  for (const damaged of [flipped, whole.subarray(0, 90), whole.subarray(0, 5), Buffer.alloc(0)]) {
    await writeFile(file, damaged);
    expect(kept.find('a')).toBeUndefined();
  }
  await kept.write('a', bytes(100, 7));
  expect(kept.find('a')).toHaveLength(100);
});

test('beyond so many bytes, what was not used for the longest time goes', async () => {
  const kept = new KeptFiles(folder(), 'one', 3500);
  const old = new Date(2020, 1, 1);
  for (const key of ['a', 'b', 'c']) await kept.write(key, bytes(1000, 1));
  for (const name of await readdir(folder())) await utimes(join(folder(), name), old, old);
  // To find one is to use it; that is written beside what the caller goes on with.
  const names = await readdir(folder());
  expect(kept.find('b')).toHaveLength(1000);
  await vi.waitFor(async () => {
    const times = await Promise.all(
      names.map(async (name) => (await stat(join(folder(), name))).mtimeMs),
    );
    expect(Math.max(...times)).toBeGreaterThan(old.getTime());
  });
  await kept.write('d', bytes(1000, 1));
  await kept.write('e', bytes(1000, 1));
  expect(['b', 'd', 'e'].map((key) => kept.find(key)?.length)).toEqual([1000, 1000, 1000]);
  expect(['a', 'c'].map((key) => kept.find(key))).toEqual([undefined, undefined]);
});

test('where nothing can be written, nothing is kept, and nothing fails', async () => {
  await writeFile(join(root, 'cache'), 'a file where the folder should be');
  const kept = new KeptFiles(folder(), 'one');
  kept.keep('a', bytes(10, 1));
  await expect(kept.write('a', bytes(10, 1))).rejects.toThrow();
  expect(kept.find('a')).toBeUndefined();
});
