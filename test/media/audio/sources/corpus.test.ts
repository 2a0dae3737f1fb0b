import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWav } from '../../../../media/sound/wav.js';
import { corpusSource, type CorpusKind } from '../../../../media/audio/sources/corpus.js';
import type { Split } from '../../../../media/audio/sources/source.js';
import { sha256 } from '../../../../media/files/content.js';
import { errorOf, temporaryFolder } from '../../image/data/fixtures.js';
import { realCorpus } from '../support.js';

/** A corpus of tiny sounds: sample 0 of the i-th is i / 8. */
async function corpusOf(change: (entry: Record<string, unknown>, i: number) => void = () => {}) {
  const dir = await temporaryFolder();
  const about = [
    { kind: 'speech', split: 'train', file: 'speech/a-1.wav', speaker: 'a' },
    { kind: 'speech', split: 'train', file: 'speech/b-1.wav', speaker: 'b' },
    { kind: 'speech', split: 'train', file: 'speech/a-2.wav', speaker: 'a' },
    { kind: 'music', split: 'test', file: 'music/song.wav', piece: 'song' },
    { kind: 'noise', split: 'test', file: 'noise/1.wav', attribution: 'one recording' },
    { kind: 'noise', split: 'test', file: 'noise/2.wav', attribution: 'one recording' },
  ];
  const splits: Record<string, Record<string, string[]>> = { rir: { test: [] } };
  const files: Record<string, unknown>[] = [];
  for (const [i, entry] of about.entries()) {
    const bytes = writeWav([[i / 8, 0]], 16_000, { bits: 16 });
    await mkdir(dirname(join(dir, entry.file)), { recursive: true });
    await writeFile(join(dir, entry.file), bytes);
    const whole: Record<string, unknown> = {
      ...entry,
      ...{ bytes: bytes.length, sha256: sha256(bytes), seconds: 2 / 16_000 },
    };
    change(whole, i);
    files.push(whole);
    ((splits[entry.kind] ??= {})[entry.split] ??= []).push(entry.file);
  }
  await writeFile(join(dir, 'files.json'), JSON.stringify(files));
  await writeFile(join(dir, 'splits.json'), JSON.stringify(splits));
  return dir;
}

test('the sounds of a split, in its order, with their speakers', async () => {
  const source = await corpusSource(await corpusOf(), 'speech', 'train');
  expect(source.count).toBe(3);
  expect([0, 1, 2].map((i) => source.groupOf(i))).toEqual(['a', 'b', 'a']);
  expect(await source.read(2)).toEqual(Float32Array.of(0.25, 0));
  const problem = await errorOf(source.read(3));
  expect(problem.code).toBe('NCN_SOUND_INDEX');
});

test('noises of one recording are one group; no responses are no error', async () => {
  const dir = await corpusOf();
  const noise = await corpusSource(dir, 'noise', 'test');
  expect(noise.groupOf(0)).toBe(noise.groupOf(1));
  expect((await corpusSource(dir, 'rir', 'test')).count).toBe(0);
});

test('the hash is that of the sounds of the split', async () => {
  const dir = await corpusOf();
  const hash = async (kind: CorpusKind, split: Split, of = dir): Promise<string> =>
    (await corpusSource(of, kind, split)).hash;
  expect(await hash('speech', 'train')).toBe(await hash('speech', 'train', await corpusOf()));
  expect(await hash('speech', 'train')).not.toBe(await hash('music', 'test'));
  const other = await corpusOf((entry, i) => {
    if (i === 1) entry['sha256'] = '0'.repeat(64);
  });
  expect(await hash('speech', 'train')).not.toBe(await hash('speech', 'train', other));
});

test.each([
  ['another content', { sha256: 'f'.repeat(64) }, /its SHA-256 is [0-9a-f]{64}; expected f{64}/],
  ['another length', { bytes: 47 }, /it has 48 bytes; expected 47/],
])('%s is refused when it is read', async (_, change, message) => {
  const dir = await corpusOf((entry) => Object.assign(entry, change));
  const source = await corpusSource(dir, 'music', 'test');
  const problem = await errorOf(source.read(0));
  expect(problem.code).toBe('NCN_CORPUS_HASH');
  expect(problem.message).toMatch(message);
  expect(problem.message).toContain(join(dir, 'music/song.wav'));
});

test('a file that is gone is named', async () => {
  const dir = await corpusOf();
  await rm(join(dir, 'music/song.wav'));
  const problem = await errorOf((await corpusSource(dir, 'music', 'test')).read(0));
  expect(problem.code).toBe('NCN_CORPUS_FILE');
  expect(problem.message).toContain('song.wav');
});

test('a split or kind that the corpus lacks is refused, with what it has', async () => {
  const dir = await corpusOf();
  const split = await errorOf(corpusSource(dir, 'music', 'valid'));
  expect(split.code).toBe('NCN_CORPUS_SPLIT');
  expect(split.hint).toMatch(/test/);
  await writeFile(join(dir, 'splits.json'), '{"speech": {"train": []}}');
  const kind = await errorOf(corpusSource(dir, 'music', 'test'));
  expect(kind.code).toBe('NCN_CORPUS_KIND');
  expect(kind.hint).toMatch(/speech/);
});

test.each([
  ['no JSON', '[', /files\.json is not a list of sounds: /],
  ['no list', '{}', /expected array/],
  ['a hash that is none', '[{"file":"a","kind":"x","split":"y","bytes":1,"sha256":"z"}]', /0\.sha/],
  [
    'a path that leads elsewhere',
    `[{"file":"../a","kind":"x","split":"y","bytes":1,"seconds":1,"sha256":"${'0'.repeat(64)}"}]`,
    /leads out of the folder/,
  ],
])('files.json with %s is refused', async (_, text, message) => {
  const dir = await corpusOf();
  await writeFile(join(dir, 'files.json'), text);
  const problem = await errorOf(corpusSource(dir, 'speech', 'train'));
  expect(problem.code).toBe('NCN_CORPUS_INVALID');
  expect(problem.message).toMatch(message);
});

test('a folder without the lists is no corpus', async () => {
  const problem = await errorOf(corpusSource(await temporaryFolder(), 'speech', 'train'));
  expect(problem.code).toBe('NCN_CORPUS_MISSING');
  expect(problem.hint).toMatch(/ncn data fetch speech/);
});

const corpus = realCorpus();

test.skipIf(corpus === undefined)(
  'the published corpus: its counts, and sounds of each kind',
  async () => {
    const parts = [
      ['speech', 'train', 221, 221],
      ['speech', 'valid', 20, 20],
      ['speech', 'test', 60, 6],
      ['music', 'train', 21, 21],
      ['music', 'test', 3, 3],
      ['noise', 'train', 66],
      ['noise', 'test', 22],
      ['rir', 'test', 38, 38],
    ] as const;
    const everyone = new Set<string>();
    for (const [kind, split, count, groups] of parts) {
      const source = await corpusSource(corpus ?? '', kind, split);
      expect(source.count).toBe(count);
      const own = new Set(Array.from({ length: count }, (_, i) => source.groupOf(i)));
      if (groups !== undefined) expect(own.size).toBe(groups);
      for (const group of own) {
        expect(everyone.has(group)).toBe(false);
        everyone.add(group);
      }
      const sound = await source.read(count - 1);
      expect(sound.length).toBeGreaterThan(0.3 * 16_000);
      const peak = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(peak).toBeGreaterThan(0.05);
      expect(peak).toBeLessThanOrEqual(1);
    }
  },
);
