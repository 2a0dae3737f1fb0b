import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseIdxImages, readIdxImages } from '../../../../media/image/data/idx.js';
import { ExitCode } from '../../../../core/errors/error.js';
import { errorOf, idxFile, temporaryFolder } from './fixtures.js';

const good = idxFile(3, 2, 5);
const zipped = gzipSync(good);

test.each([
  ['plain', good, 'images'],
  ['gzip', zipped, 'images.gz'],
  ['gzip without its name', zipped, 'images'],
  ['plain named .gz', good, 'images.gz'],
])('reads %s', async (_, content, name) => {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  const { count, height, width, pixels } = await readIdxImages(path);
  expect([count, height, width]).toEqual([3, 2, 5]);
  expect([...pixels]).toEqual(Array.from({ length: 30 }, (_unused, k) => k));
});

const changed = (at: number, value: number): Buffer => {
  const copy = Buffer.from(good);
  copy[at] = value;
  return copy;
};

test.each([
  ['nothing', Buffer.alloc(0), 'EMPTY', /0 bytes/],
  ['no images', idxFile(0, 28, 28), 'EMPTY', /0 × 28 × 28/],
  ['text', Buffer.from('<html>Not found</html>'), 'MAGIC', /3c 68 74 6d/],
  ['an unknown type', changed(2, 0x77), 'MAGIC', /00 00 77 03/],
  ['floats', changed(2, 0x0d), 'TYPE', /32-bit floats.*unsigned bytes/],
  ['labels', changed(3, 1), 'RANK', /1 dimension; expected 3/],
  ['colour', changed(3, 4), 'RANK', /4 dimensions; expected 3/],
  ['two bytes', good.subarray(0, 2), 'TRUNCATED', /2 bytes; expected 16/],
  ['half a header', good.subarray(0, 9), 'TRUNCATED', /9 bytes; expected 16/],
  ['a byte too few', good.subarray(0, 45), 'TRUNCATED', /45 bytes; expected 46 .*3 × 2 × 5/],
  ['a byte too many', Buffer.concat([good, good.subarray(0, 1)]), 'TRAILING', /47.*46/],
  ['an absurd shape', changed(4, 0xff), 'TRUNCATED', /4278190083 × 2 × 5/],
  ['half of a gzip', zipped.subarray(0, zipped.length - 12), 'GZIP_TRUNCATED', /gzip/],
  [
    'a gzip with a wrong checksum',
    Buffer.concat([zipped.subarray(0, -8), Buffer.alloc(8, 1)]),
    'GZIP_CORRUPT',
    /gzip/,
  ],
  [
    'a gzip that goes on after what its header says',
    gzipSync(Buffer.concat([good, Buffer.alloc(1 << 20)])),
    'TRAILING',
    /more than the 46 bytes/,
  ],
  [
    'a gzip of a lot of something else',
    gzipSync(Buffer.alloc(1 << 20, 65)),
    'MAGIC',
    /41 41 41 41/,
  ],
  [
    'a gzip of twelve bytes',
    gzipSync(idxFile(30, 28, 28)).subarray(0, 12),
    'GZIP_TRUNCATED',
    /gzip/,
  ],
  ['a gzip of something else', gzipSync('hello there'), 'MAGIC', /68 65 6c 6c/],
])('refuses %s', async (_, content, code, message) => {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, content);
  const error = await errorOf(readIdxImages(path));
  expect(error.code).toBe(`NCN_DATA_${code}`);
  expect(error.exit).toBe(ExitCode.data);
  expect(error.message).toContain(path);
  expect(error.message).toMatch(message);
  expect(error.hint).toBeTruthy();
});

test('refuses a file that is not there, and a folder', async () => {
  const dir = await temporaryFolder();
  expect((await errorOf(readIdxImages(join(dir, 'none')))).code).toBe('NCN_DATA_MISSING');
  await mkdir(join(dir, 'folder'));
  expect((await errorOf(readIdxImages(join(dir, 'folder')))).code).toBe('NCN_DATA_UNREADABLE');
});

test('reads content that starts inside of a buffer', () => {
  const shifted = Buffer.concat([Buffer.from('abc'), good]).subarray(3);
  expect([...parseIdxImages(shifted, 'here').pixels.subarray(0, 3)]).toEqual([0, 1, 2]);
});
