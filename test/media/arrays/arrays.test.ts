import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DatasetRegistry } from '../../../core/data/registry.js';
import type { Examples } from '../../../core/data/types.js';
import { npyFile, zipFile, type PackedFile } from '../../../bench/proof/zip-file.js';
import { readNpy } from '../../../media/arrays/npy.js';
import { readNpz } from '../../../media/arrays/provider.js';
import { arrayProviders } from '../../../media/index.js';
import { temporaryFolder } from '../image/data/fixtures.js';

/* Written by NumPy 2: np.savez_compressed and np.savez of

     train_image=np.array([[[0,51],[102,255]],[[255,0],[0,0]],[[1,2],[3,4]]], np.uint8)
     test_image=np.array([[[255,255],[0,51]]], np.uint8)
     train_wave=np.arange(6, dtype='>f8').reshape(3,2)/4
     test_wave=np.array([[-1.5,2.5]], '<f4')

   (the second with the first example of each), then np.save of [[-300,7]] as '>i2', of [True,False],
   of [2**40] in format 2.0, of [1j], of np.ones((2,2)) in Fortran order, and of np.float32(3). */
const zipped =
  'UEsDBC0AAAAIAAAAIQDGcRlg//////////8PABQAdHJhaW5faW1hZ2UubnB5AQAQAIwAAAAAAAAAVAAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBeU2qorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOgpGQKSpo1CrQB7gYjBO+/+fgYGBkYmZBQBQSwMELQAAAAgAAAAhAE3Qxh///////////w4AFAB0ZXN0X2ltYWdlLm5weQEAEACEAAAAAAAAAEwAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjoKRkCkqaNQq0Ae4Pr/n8EYAFBLAwQtAAAACAAAACEASu+Xuv//////////DgAUAHRyYWluX3dhdmUubnB5AQAQALAAAAAAAAAAVwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2ahrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOgpGmjoKtQpkAy4GFHDBHkI/gNIvoPQHKP3FHgBQSwMELQAAAAgAAAAhAO3Yf8H//////////w0AFAB0ZXN0X3dhdmUubnB5AQAQAIgAAAAAAAAATgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2airqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqGOgpGmjoKtQpkAy4GhgP7GRgUHABQSwECLQMtAAAACAAAACEAxnEZYFQAAACMAAAADwAAAAAAAAAAAAAAgAEAAAAAdHJhaW5faW1hZ2UubnB5UEsBAi0DLQAAAAgAAAAhAE3Qxh9MAAAAhAAAAA4AAAAAAAAAAAAAAIABlQAAAHRlc3RfaW1hZ2UubnB5UEsBAi0DLQAAAAgAAAAhAErvl7pXAAAAsAAAAA4AAAAAAAAAAAAAAIABIQEAAHRyYWluX3dhdmUubnB5UEsBAi0DLQAAAAgAAAAhAO3Yf8FOAAAAiAAAAA0AAAAAAAAAAAAAAIABuAEAAHRlc3Rfd2F2ZS5ucHlQSwUGAAAAAAQABADwAAAARQIAAAAA';
const plain =
  'UEsDBC0AAAAAAAAAIQAi+wP4//////////8PABQAdHJhaW5faW1hZ2UubnB5AQAQAIQAAAAAAAAAhAAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICd8dTEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwgMiwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgAzZv9QSwMELQAAAAAAAAAhAE3Qxh///////////w4AFAB0ZXN0X2ltYWdlLm5weQEAEACEAAAAAAAAAIQAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr//wAzUEsDBC0AAAAAAAAAIQCJMZgg//////////8OABQAdHJhaW5fd2F2ZS5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAAAAAAAAAAADQP1BLAwQtAAAAAAAAACEA7dh/wf//////////DQAUAHRlc3Rfd2F2ZS5ucHkBABAAiAAAAAAAAACIAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAADAvwAAIEBQSwECLQMtAAAAAAAAACEAIvsD+IQAAACEAAAADwAAAAAAAAAAAAAAgAEAAAAAdHJhaW5faW1hZ2UubnB5UEsBAi0DLQAAAAAAAAAhAE3Qxh+EAAAAhAAAAA4AAAAAAAAAAAAAAIABxQAAAHRlc3RfaW1hZ2UubnB5UEsBAi0DLQAAAAAAAAAhAIkxmCCQAAAAkAAAAA4AAAAAAAAAAAAAAIABiQEAAHRyYWluX3dhdmUubnB5UEsBAi0DLQAAAAAAAAAhAO3Yf8GIAAAAiAAAAA0AAAAAAAAAAAAAAIABWQIAAHRlc3Rfd2F2ZS5ucHlQSwUGAAAAAAQABADwAAAAIAMAAAAA';
const integers =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPmkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr+1AAH';
const flags =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAA==';
const long =
  'k05VTVBZAgB0AAAAeydkZXNjcic6ICc8aTgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAEAAA==';
const complex =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGMxNicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAPA/';
const fortran =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAADwPwAAAAAAAPA/AAAAAAAA8D8AAAAAAADwPw==';
const scalar =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAEBA';

const bytes = (text: string) => Buffer.from(text, 'base64');

function registry(): DatasetRegistry {
  const found = new DatasetRegistry();
  for (const provider of arrayProviders) found.register(provider);
  return found;
}

async function fileOf(content: string, name = 'data.npz'): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, bytes(content));
  return file;
}

async function values(examples: Examples, signal: string, ...indexes: number[]): Promise<number[]> {
  const size = (examples.signals[signal] ?? []).reduce((a, b) => a * b, 1);
  const out = new Float32Array(indexes.length * size);
  await examples.read(Uint32Array.from(indexes), { [signal]: out });
  return [...out];
}

test('npz: signals of any shape and type; bytes are pixels, pictures have a channel', async () => {
  const file = await fileOf(zipped);
  const { train, test: tested, ...about } = await registry().load({ name: `npz:${file}` });
  expect(about).toMatchObject({ name: `npz:${file}`, source: file });
  expect(train.count).toBe(3);
  expect(train.signals).toEqual({ image: [2, 2, 1], wave: [2] });
  expect(await values(train, 'image', 1, 0)).toEqual(
    [255, 0, 0, 0, 0, 51, 102, 255].map((b) => Math.fround(b / 255)),
  );
  expect(await values(train, 'wave', 2, 0)).toEqual([1, 1.25, 0, 0.25]);
  expect(await values(tested, 'wave', 0)).toEqual([-1.5, 2.5]);
  const other = await registry().load({ name: 'npz', dir: await fileOf(plain) });
  expect(other.train.count).toBe(1);
  expect(other.hash).not.toBe(about.hash);
});

test('npy: a folder, by either way of naming', async () => {
  const dir = await temporaryFolder();
  await mkdir(join(dir, 'train'));
  await writeFile(join(dir, 'train', 'x.npy'), bytes(integers));
  await writeFile(join(dir, 'x_test.npy'), bytes(integers));
  await writeFile(join(dir, 'notes.npy'), 'nothing');
  await writeFile(join(dir, 'train', '._x.npy'), 'of macOS');
  const { train, test: tested } = await registry().load({ name: `npy:${dir}` });
  expect(train.signals).toEqual({ x: [2] });
  expect(await values(tested, 'x', 0)).toEqual([-300, 7]);
});

test('numbers of every kind, and what is refused', () => {
  const read = (text: string) => readNpy(bytes(text), 'a.npy');
  expect(read(flags)).toEqual({ shape: [2], data: Float32Array.of(1, 0) });
  expect(read(long).data[0]).toBe(2 ** 40);
  expect(read(scalar)).toEqual({ shape: [], data: Float32Array.of(3) });
  expect(() => read(complex)).toThrow("a.npy cannot be read: it holds the type '<c16'.");
  expect(() => read(fortran)).toThrow('it is in Fortran order');
  expect(() => readNpy(bytes(flags).subarray(0, -1), 'a.npy')).toThrow(
    'it has 129 bytes; expected 130 bytes for the shape (2)',
  );
  expect(() => readNpy(Buffer.from('text'), 'a.npy')).toThrow('as an array of numpy');
});

test('floats of 16 bits: normal, subnormal, and what is none', () => {
  const bits = [0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x03ff, 0x8000, 0x7c00, 0xfc00, 0x7e00];
  const content = Buffer.alloc(2 * bits.length);
  bits.forEach((value, i) => content.writeUInt16LE(value, 2 * i));
  const { data } = readNpy(npyFile('<f2', `(${bits.length},)`, content), 'a.npy');
  const subnormal = [2 ** -24, 1023 * 2 ** -24, -0];
  expect([...data]).toEqual([1, -2, 0.333251953125, 65504, ...subnormal, Infinity, -Infinity, NaN]);
});

test('an archive is bounded by what it says, before anything is unpacked', () => {
  const small = npyFile('<f4', '(2, 3)', Buffer.alloc(24, 1));
  const large = npyFile('<f4', '(2, 3)', Buffer.alloc(1 << 24));
  const name = 'train_a.npy';
  const refused = (why: string, ...files: PackedFile[]) =>
    expect(() => readNpz(zipFile(files), 'a.npz')).toThrow(why);
  const { arrays, names } = readNpz(
    zipFile([
      { name, content: small },
      { name: 'notes.npy', content: large },
    ]),
    'a.npz',
  );
  expect([names, [...arrays.keys()]]).toEqual([['train_a', 'notes'], ['train_a']]);
  // More than its header says, whatever the archive says of it.
  refused(`a.npz: ${name} cannot be read: it has ${large.length} bytes; expected 152`, {
    name,
    content: large,
  });
  refused('is longer than the 152 bytes that are said', {
    name,
    content: Buffer.concat([small, Buffer.alloc(1 << 24)]),
    length: small.length,
  });
  refused('cannot be of 4000000000 bytes', { name, content: small, length: 4e9 });
  const wide = npyFile('<f8', '(500000000,)', Buffer.alloc(1 << 22));
  refused('bytes; expected 4000000128', { name, content: wide });
  const again = { name: 'train_b.npy', content: small, sameData: true };
  refused(
    'larger than itself',
    { name, content: small },
    ...Array.from({ length: 9 }, () => again),
  );
  const whole = zipFile([{ name, content: small }]);
  expect(() => readNpz(whole.subarray(0, -30), 'a.npz')).toThrow('no archive, or one that is cut');
  const flipped = Buffer.from(whole);
  flipped.writeUInt8(flipped.readUInt8(46) ^ 1, 46);
  expect(() => readNpz(flipped, 'a.npz')).toThrow(/a\.npz.* cannot be read/);
});

test('what is no data set says why', async () => {
  const load = (name: string) => registry().load({ name });
  await expect(load('npz')).rejects.toMatchObject({ code: 'NCN_DATA_PLACE' });
  await expect(load('npz:no.npz')).rejects.toMatchObject({ code: 'NCN_DATA_MISSING' });
  await expect(load(`npz:${await fileOf(flags)}`)).rejects.toMatchObject({
    code: 'NCN_ARRAY_INVALID',
  });
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'train_x.npy'), bytes(integers));
  await writeFile(join(dir, 'notes.npy'), bytes(integers));
  await mkdir(join(dir, 'sub/test'), { recursive: true });
  await writeFile(join(dir, 'sub/test/x.npy'), bytes(integers));
  await expect(load(`npy:${dir}`)).rejects.toThrow(
    "none is of the split 'test'; there are: notes, sub/test/x, train_x",
  );
  await writeFile(join(dir, 'test_x.npy'), bytes(integers));
  await writeFile(join(dir, 'train_y.npy'), bytes(flags));
  await expect(load(`npy:${dir}`)).rejects.toThrow("'train_y' has 2 examples, another of train 1");
  await writeFile(join(dir, 'train_y.npy'), bytes(scalar));
  await expect(load(`npy:${dir}`)).rejects.toThrow("'train_y' is a single number");
  await rm(join(dir, 'train_y.npy'));
  await writeFile(join(dir, 'x_train.npy'), bytes(integers));
  await expect(load(`npy:${dir}`)).rejects.toThrow(
    "'train_x' and 'x_train' both name the signal 'x' of train",
  );
});

test.each([NaN, -Infinity, 1e300])('an array that holds %s is no data', async (value) => {
  const dir = await temporaryFolder();
  const numbers = new Float64Array(6);
  numbers[5] = value;
  await writeFile(join(dir, 'train_x.npy'), npyFile('<f8', '(3, 2)', Buffer.from(numbers.buffer)));
  await writeFile(join(dir, 'test_x.npy'), npyFile('<f8', '(1, 2)', Buffer.alloc(16)));
  await expect(registry().load({ name: `npy:${dir}` })).rejects.toThrow(
    `'train_x' holds ${Math.fround(value)} (as float32) in its example 2, counted from 0`,
  );
});
