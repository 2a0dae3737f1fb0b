import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWav } from '../../../../media/sound/wav.js';
import { folderSource } from '../../../../media/audio/sources/folder.js';
import { errorOf, temporaryFolder } from '../../image/data/fixtures.js';
import { fixture } from '../support.js';

async function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

const wav = (value: number): Buffer => writeWav([[value, value]], 16_000, { bits: 16 });

test('sub-folders are speakers; other files and hidden ones are passed over', async () => {
  const folder = await folderOf({
    'anna/2.wav': wav(0.25),
    'anna/monday/1.WAV': wav(0.5),
    'bert/1.wav': wav(-0.5),
    'alone.wav': wav(0.75),
    'anna/notes.txt': Buffer.from('x'),
    '.trash/3.wav': wav(0),
  });
  const source = await folderSource(folder, 'speech');
  const found = await Promise.all(
    Array.from({ length: source.count }, async (_, i) => [
      source.groupOf(i),
      (await source.read(i))[0],
    ]),
  );
  expect(found).toEqual([
    ['alone.wav', 0.75],
    ['anna', 0.25],
    ['anna', 0.5],
    ['bert', -0.5],
  ]);
});

test('WAV, FLAC, OGG and MP3 come out at 16 kHz, the mean of their channels', async () => {
  const names = ['tones.flac', 'tones.mp3', 'tones.ogg'];
  const files = await Promise.all(names.map(async (name) => [name, await fixture(name)] as const));
  const stereo = writeWav([Array(48).fill(0.5), Array(48).fill(0.25)], 48_000, { bits: 16 });
  const folder = await folderOf({ ...Object.fromEntries(files), 'x.wav': stereo });
  const source = await folderSource(folder, 'music');
  expect(source.count).toBe(4);
  const sounds = await Promise.all([0, 1, 2].map((i) => source.read(i)));
  for (const sound of sounds) {
    expect(sound).toHaveLength(4000);
    // Where the resampler's and the coders' edges are past, the tones are as they should be.
    for (let n = 1000; n < 2000; n++) {
      const wanted =
        0.25 * Math.sin((2 * Math.PI * 440 * n) / 16_000) +
        0.125 * Math.sin((2 * Math.PI * 1000 * n) / 16_000);
      expect(Math.abs((sound[n] ?? NaN) - wanted)).toBeLessThan(0.03);
    }
  }
  const mean = await source.read(3);
  expect(mean).toHaveLength(16);
  expect(Math.abs((mean[8] ?? NaN) - 0.375)).toBeLessThan(0.1);
});

test('a damaged file that can be read is reported, once', async () => {
  const heard: string[] = [];
  const folder = await folderOf({ 'cut.wav': wav(0.5).subarray(0, -2) });
  const report = (message: string): number => heard.push(message);
  const source = await folderSource(folder, 'noise', { report, cacheBytes: 0 });
  await source.read(0);
  await source.read(0);
  expect(heard).toEqual([expect.stringMatching(/cut\.wav is cut short: 2 of 4 bytes/)]);
});

test('the hash changes with a name, a length and the content at both ends', async () => {
  const large = Buffer.concat([wav(0.5), Buffer.alloc(200_000)]);
  const changedAt = (at: number): Buffer => {
    const changed = Buffer.from(large);
    changed.writeUInt8(1, at);
    return changed;
  };
  const contents = [
    { 'a.wav': large },
    { 'b.wav': large },
    { 'a.wav': large, 'c.wav': large },
    { 'a.wav': Buffer.concat([large, Buffer.alloc(1)]) },
    { 'a.wav': changedAt(60) },
    { 'a.wav': changedAt(large.length - 1) },
  ];
  const hashes = await Promise.all(
    contents.map(async (files) => (await folderSource(await folderOf(files), 'speech')).hash),
  );
  expect(new Set(hashes).size).toBe(contents.length);
  const [first] = contents;
  const again = await folderSource(await folderOf(first ?? {}), 'speech');
  expect(again.hash).toBe(hashes[0]);
});

test('splits share no speaker, and together have all', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`speaker ${i % 15}/${i}.wav`, wav(i / 40)]),
  );
  const folder = await folderOf(files);
  const groups = await Promise.all(
    (['train', 'valid', 'test'] as const).map(async (split) => {
      const source = await folderSource(folder, 'speech', { split });
      return [...new Set(Array.from({ length: source.count }, (_, i) => source.groupOf(i)))];
    }),
  );
  expect(groups.map(({ length }) => length)).toEqual([11, 2, 2]);
  expect(new Set(groups.flat()).size).toBe(15);
});

test('two speakers are too few for three splits', async () => {
  const folder = await folderOf({ 'a/1.wav': wav(0), 'b/1.wav': wav(0) });
  const problem = await errorOf(folderSource(folder, 'speech', { split: 'train' }));
  expect(problem.code).toBe('NCN_SOUND_GROUPS');
  expect(problem.message).toMatch(/2 speakers or pieces; expected 3/);
});

test('a folder without sounds, and none, are refused', async () => {
  const folder = await folderOf({ 'x.txt': Buffer.from('x') });
  for (const [where, message] of [
    [folder, /has no sounds/],
    [join(folder, 'no'), /does not exist/],
    [join(folder, 'x.txt'), /is not a folder/],
  ] as const) {
    const problem = await errorOf(folderSource(where, 'music'));
    expect(problem.code).toBe('NCN_SOUND_FOLDER');
    expect(problem.message).toMatch(message);
  }
});

test('a file that is no sound is refused when it is read, by its path', async () => {
  const folder = await folderOf({ 'bad.wav': Buffer.from('nothing') });
  const source = await folderSource(folder, 'speech');
  const problem = await errorOf(source.read(0));
  expect(problem.code).toBe('NCN_SOUND_FORMAT');
  expect(problem.message).toContain(join(folder, 'bad.wav'));
  expect((await errorOf(source.read(1))).code).toBe('NCN_SOUND_INDEX');
});
