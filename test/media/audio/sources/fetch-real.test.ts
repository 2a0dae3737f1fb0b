import { createReadStream } from 'node:fs';
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { corpusSource } from '../../../../media/audio/sources/corpus.js';
import { fetchSpeech } from '../../../../media/audio/sources/fetch.js';
import {
  addressOf,
  corpusManifest,
  soundsOf,
  type Manifest,
} from '../../../../media/audio/sources/manifest.js';
import { contextOf, serve, temporaryFolder } from '../../image/data/fixtures.js';
import { realCorpus } from '../support.js';

const online = { context: { env: {}, cache: '/nowhere' }, patience: 1000 };

test('the list that comes with ncn: counts, licences and addresses', () => {
  const sounds = soundsOf(corpusManifest());
  const counts = new Map<string, number>();
  for (const { kind, split } of sounds) {
    counts.set(`${kind} ${split}`, (counts.get(`${kind} ${split}`) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toEqual({
    ...{ 'speech train': 221, 'speech valid': 20, 'speech test': 60 },
    ...{ 'music train': 21, 'music test': 3, 'noise train': 66, 'noise test': 22, 'rir test': 38 },
  });
  for (const sound of sounds) {
    expect(sound.attribution ?? '').not.toBe('');
    expect(sound.licence).toMatch(/^(CC-BY(-SA)?-[34]\.0|MIT)$/);
    expect(sound.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(sound.original !== undefined).toBe(sound.conversion === 'decode');
  }
  const dizzy = sounds.find(({ piece }) => piece === 'skiff_a_night_of_dizzy_spells');
  expect(dizzy && addressOf(dizzy, 'https://raw.githubusercontent.com/').href).toMatch(
    /^https:\/\/raw\.githubusercontent\.com\/Tuxemon\/Tuxemon\/[0-9a-f]{40}\/mods\/tuxemon\/music\/A%20Night%20Of%20Dizzy%20Spells\.ogg$/,
  );
});

const corpus = realCorpus();

test.skipIf(corpus === undefined)(
  'the validation speech of the real corpus, byte by byte',
  async () => {
    const valid: Manifest = {
      sources: corpusManifest()
        .sources.filter(({ kind }) => kind === 'speech')
        .map((source) => ({
          ...source,
          files: source.files.filter(({ split }) => split === 'valid'),
        })),
    };
    const base = await serve((request, response) => {
      const name = (request.url ?? '').split('/').at(-1) ?? '';
      createReadStream(join(corpus ?? '', 'speech', name)).pipe(response);
    });
    const dir = await temporaryFolder();
    const fetched = await fetchSpeech({ ...online, dir, base, manifest: valid });
    expect(fetched).toMatchObject({ count: 20, wanted: 20, downloaded: 20 });
    const source = await corpusSource(dir, 'speech', 'valid');
    const real = await corpusSource(corpus ?? '', 'speech', 'valid');
    expect(source.hash).toBe(real.hash);
    expect(await source.read(19)).toEqual(await real.read(19));
  },
);

test.skipIf(corpus === undefined)('the real corpus, copied by hand, lacks nothing', async () => {
  const dir = await temporaryFolder();
  const names = await readdir(corpus ?? '');
  for (const name of names) await symlink(join(corpus ?? '', name), join(dir, name));
  const fetched = await fetchSpeech({ dir, context: await contextOf() });
  expect(fetched).toMatchObject({ count: 451, wanted: 451, downloaded: 0, leftOut: [] });
  expect(await readdir(dir)).toEqual(names);
});
