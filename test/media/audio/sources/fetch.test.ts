import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { corpusSource } from '../../../../media/audio/sources/corpus.js';
import { fetchSpeech } from '../../../../media/audio/sources/fetch.js';
import { type Manifest } from '../../../../media/audio/sources/manifest.js';
import { sha256 } from '../../../../media/files/content.js';
import { contextOf, errorOf, serve, temporaryFolder } from '../../image/data/fixtures.js';
import { fixture, peakOf } from '../support.js';

const [flac, ogg, mp3] = [
  await fixture('tones.flac'),
  await fixture('tones.ogg'),
  await fixture('tones.mp3'),
];

const commit = 'c0ffee';
const shared = { commit, licence: 'CC0', conversion: 'decode' } as const;
const published = { sha256: 'a'.repeat(64), bytes: 1, seconds: 0.25 };
const manifest: Manifest = {
  sources: [
    {
      ...{
        ...shared,
        kind: 'speech',
        repo: 'some/voices',
        conversion: 'none',
        attribution: 'A. B.',
      },
      files: [1, 2, 3].map((i) => ({
        ...{ file: `speech/${i}.flac`, split: 'train', path: `a b/${i}.flac`, seconds: 0.25 },
        ...{ bytes: flac.length, sha256: sha256(flac), speaker: `speaker ${i}` },
      })),
    },
    {
      ...{ ...shared, kind: 'music', repo: 'some/songs' },
      files: [
        {
          ...{ ...published, file: 'music/song.flac', split: 'test', path: 'song #1.ogg' },
          ...{ original: sha256(ogg), piece: 'song', attribution: 'C. D., Song' },
          ...{ from: 0.05, most: 0.1, seconds: 0.1 },
        },
      ],
    },
    {
      ...{ ...shared, kind: 'noise', repo: 'some/noises' },
      files: [
        {
          ...{ ...published, file: 'noise/1.flac', split: 'train', path: '1.mp3' },
          ...{ original: sha256(mp3), attribution: 'E. F.; Freesound clip 7' },
        },
      ],
    },
    {
      ...{ ...shared, kind: 'rir', repo: 'some/rooms', conversion: 'sofa', attribution: 'G.' },
      files: [{ ...published, file: 'rir/1.flac', split: 'test', path: 'rooms.sofa' }],
    },
  ],
};

const contents: Readonly<Record<string, Buffer>> = {
  '/some/voices/c0ffee/a%20b/1.flac': flac,
  '/some/voices/c0ffee/a%20b/2.flac': flac,
  '/some/voices/c0ffee/a%20b/3.flac': flac,
  '/some/songs/c0ffee/song%20%231.ogg': ogg,
  '/some/noises/c0ffee/1.mp3': mp3,
};

/** A server of the originals; `instead` may answer in its place. */
async function originals(instead: (url: string) => RequestListener | undefined = () => undefined) {
  const asked: string[] = [];
  const base = await serve((request, response) => {
    const url = request.url ?? '';
    asked.push(url);
    const other = instead(url);
    const content = contents[url];
    if (other !== undefined) other(request, response);
    else if (content === undefined) response.writeHead(404).end();
    else response.end(content);
  });
  return { base, asked };
}

const online = { context: { env: {}, cache: '/nowhere' }, manifest, patience: 1000 };

test('everything is fetched, checked, converted and listed; the corpus can be read', async () => {
  const { base, asked } = await originals();
  const dir = join(await temporaryFolder(), 'new', 'speech');
  const heard: string[] = [];
  const fetched = await fetchSpeech({ ...online, dir, base, report: (text) => heard.push(text) });
  expect(fetched).toEqual({ dir, count: 5, wanted: 5, downloaded: 5, leftOut: ['rir/1.flac'] });
  expect(asked.sort()).toEqual(Object.keys(contents).sort());
  expect((await readFile(join(dir, 'speech/2.flac'))).equals(flac)).toBe(true);

  const speech = await corpusSource(dir, 'speech', 'train');
  expect([0, 1, 2].map((i) => speech.groupOf(i))).toEqual(['speaker 1', 'speaker 2', 'speaker 3']);
  expect(await speech.read(0)).toHaveLength(4000);
  const music = await (await corpusSource(dir, 'music', 'test')).read(0);
  expect(music).toHaveLength(1600);
  expect(peakOf(music)).toBeCloseTo(0.9, 4);
  expect(await (await corpusSource(dir, 'noise', 'train')).read(0)).toHaveLength(4000);
  expect((await corpusSource(dir, 'rir', 'test')).count).toBe(0);

  expect(heard.filter((text) => text.startsWith('speech: A. B. (3 files'))).toHaveLength(1);
  expect(
    heard.filter((text) => /^noise: E\. F\. \(1 file of .*some\/noises\), CC0/.test(text)),
  ).toHaveLength(1);
  expect(heard).toContainEqual(expect.stringMatching(/^5 of 5 files/));
  expect(heard).toContainEqual(expect.stringMatching(/^1 measured responses.*SOFA/));
  const licences = await readFile(join(dir, 'LICENSES.md'), 'utf8');
  expect(licences).toContain('music/song.flac: C. D., Song; CC0');
});

test('a second time nothing is downloaded; what is damaged or gone is', async () => {
  const { base, asked } = await originals();
  const dir = await temporaryFolder();
  await fetchSpeech({ ...online, dir, base });
  asked.length = 0;
  expect((await fetchSpeech({ ...online, dir, base })).downloaded).toBe(0);
  expect(asked).toEqual([]);
  await rm(join(dir, 'speech/1.flac'));
  await writeFile(join(dir, 'music/song.wav'), 'damaged');
  expect((await fetchSpeech({ ...online, dir, base })).downloaded).toBe(2);
  expect(asked.sort()).toEqual([
    '/some/songs/c0ffee/song%20%231.ogg',
    '/some/voices/c0ffee/a%20b/1.flac',
  ]);
  expect(await (await corpusSource(dir, 'music', 'test')).read(0)).toHaveLength(1600);
});

test('the published files, where they are there, are taken as they are', async () => {
  const { base, asked } = await originals();
  const dir = await temporaryFolder();
  const room = Buffer.from('a response');
  const [, , , rooms] = manifest.sources;
  const own: Manifest = {
    sources: manifest.sources.map((source) =>
      source === rooms
        ? {
            ...source,
            files: source.files.map((file) => ({
              ...{ ...file, bytes: room.length, sha256: sha256(room) },
            })),
          }
        : source,
    ),
  };
  await mkdir(join(dir, 'rir'));
  await writeFile(join(dir, 'rir/1.flac'), room);
  const fetched = await fetchSpeech({ ...online, dir, base, manifest: own });
  expect(fetched).toMatchObject({ count: 6, wanted: 6, downloaded: 5, leftOut: [] });
  expect((await corpusSource(dir, 'rir', 'test')).count).toBe(1);
  expect(asked).toHaveLength(5);
});

const cut: RequestListener = (_, response) => {
  response.setHeader('content-length', flac.length);
  response.write(flac.subarray(0, 2000), () => response.destroy());
};

test('a connection that breaks is tried again', async () => {
  let broken = 0;
  const { base } = await originals((url) =>
    /1\.flac/.test(url) && broken++ === 0 ? cut : undefined,
  );
  const dir = await temporaryFolder();
  expect((await fetchSpeech({ ...online, dir, base })).count).toBe(5);
  expect(broken).toBe(2);
});

test.each<[string, RequestListener, RegExp]>([
  ['a broken connection', cut, /terminated/],
  ['another content', (_, response) => response.end(mp3), /has SHA-256 [0-9a-f]{64}; expected/],
  ['a longer one', (_, response) => response.end(Buffer.alloc(20_000)), /more than 5581 bytes/],
  ['no such file', (_, response) => response.writeHead(404).end(), /HTTP status 404/],
  ['silence', () => undefined, /no answer for 1 seconds/],
])(
  '%s: the others come, it is named, and the next time only it is fetched',
  async (_, bad, why) => {
    const dir = await temporaryFolder();
    const { base } = await originals((url) => (/2\.flac/.test(url) ? bad : undefined));
    const problem = await errorOf(fetchSpeech({ ...online, dir, base }));
    expect(problem.code).toBe('NCN_CORPUS_DOWNLOAD');
    expect(problem.message).toMatch(/4 of 5 files are in .*speech\/2\.flac: /);
    expect(problem.message).toMatch(why);
    // Without its list of splits it is no corpus, and nothing damaged is left in it.
    expect((await readdir(dir)).sort()).toEqual(['files.json', 'music', 'noise', 'speech']);
    expect((await readdir(join(dir, 'speech'))).sort()).toEqual(['1.flac', '3.flac']);
    const good = await originals();
    expect((await fetchSpeech({ ...online, dir, base: good.base })).downloaded).toBe(1);
    expect(good.asked).toEqual(['/some/voices/c0ffee/a%20b/2.flac']);
  },
);

test('an original that decodes to another length is refused', async () => {
  const { base } = await originals();
  const longer: Manifest = {
    sources: manifest.sources.map((source) =>
      source.kind === 'noise'
        ? { ...source, files: source.files.map((file) => ({ ...file, seconds: 0.4 })) }
        : source,
    ),
  };
  const dir = await temporaryFolder();
  const problem = await errorOf(fetchSpeech({ ...online, dir, base, manifest: longer }));
  expect(problem.message).toMatch(/noise\/1\.flac: .* 0\.25 s; expected 0\.4 s/);
});

test('where nothing answers, it ends after a few', async () => {
  const many: Manifest = {
    sources: manifest.sources.slice(0, 1).map((source) => ({
      ...source,
      files: Array.from({ length: 40 }, (_, i) => ({
        ...{ file: `speech/${i}.flac`, split: 'train', path: `${i}`, seconds: 1 },
        ...{ bytes: 10, sha256: published.sha256 },
      })),
    })),
  };
  const { base, asked } = await originals();
  const dir = await temporaryFolder();
  const problem = await errorOf(fetchSpeech({ ...online, dir, base, manifest: many }));
  expect(problem.message).toMatch(/0 of 40 files/);
  expect(asked.length).toBeLessThanOrEqual(16);
});

test('an interrupt ends it at once; what had come stays', async () => {
  const stop = new AbortController();
  const { base } = await originals((url) =>
    /song/.test(url) ? () => setTimeout(() => stop.abort(new Error('stopped')), 300) : undefined,
  );
  const dir = await temporaryFolder();
  const options = { ...online, dir, base, patience: 60_000, signal: stop.signal };
  await expect(fetchSpeech(options)).rejects.toThrow('stopped');
  expect((await readdir(join(dir, 'speech'))).sort()).toEqual(['1.flac', '2.flac', '3.flac']);
  const good = await originals();
  const fetched = await fetchSpeech({ ...online, dir, base: good.base });
  expect(fetched).toMatchObject({ count: 5, downloaded: 1 });
});

test('NCN_SPEECH_MIRROR names the address, NCN_OFFLINE forbids it, the cache is where it goes', async () => {
  const { base, asked } = await originals();
  const context = await contextOf();
  const offline = await errorOf(fetchSpeech({ manifest, context }));
  expect(offline.code).toBe('NCN_CORPUS_OFFLINE');
  const named = { ...context, env: { NCN_SPEECH_MIRROR: base } };
  const { dir } = await fetchSpeech({ manifest, context: named });
  expect(dir).toBe(join(context.cache, 'speech'));
  expect(asked).toHaveLength(5);
  expect((await fetchSpeech({ manifest, context })).downloaded).toBe(0);
});

test('a folder that cannot be made is an error of its own', async () => {
  const { base } = await originals();
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'taken'), '');
  const problem = await errorOf(fetchSpeech({ ...online, dir: join(dir, 'taken/x'), base }));
  expect(problem.code).toBe('NCN_DATA_NOT_STORED');
});
