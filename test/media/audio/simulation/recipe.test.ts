import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  hashOfRecipe,
  ingredientsOf,
  type Recipe,
} from '../../../../media/audio/simulation/recipe.js';
import type { SoundSource } from '../../../../media/audio/sources/source.js';
import { writeWav } from '../../../../media/sound/wav.js';
import { temporaryFolder } from '../../image/data/fixtures.js';

const splits = ['train', 'valid', 'test'] as const;

const recipe = (dir: string, split: Recipe['split']): Recipe => ({
  place: { kind: 'folders', dir },
  split,
  seed: 1,
  options: { seconds: 1, layout: 'train', rooms: 2, measured: 0.2 },
});

async function ownSounds(kinds: readonly string[]): Promise<string> {
  const dir = await temporaryFolder();
  for (const kind of kinds) {
    await mkdir(join(dir, kind));
    for (let i = 0; i < 12; i++) {
      const sound = writeWav([[0.05 * i + 0.1, 0.2]], 16_000, { bits: 16 });
      await writeFile(join(dir, kind, `${i}.wav`), sound);
    }
  }
  return dir;
}

const groupsOf = (source: SoundSource): string[] =>
  Array.from({ length: source.count }, (_, i) => source.groupOf(i));

test('speakers, pieces, noises and rooms of own folders are in one split each', async () => {
  const dir = await ownSounds(['speech', 'music', 'noise', 'rooms']);
  const all = await Promise.all(splits.map((split) => ingredientsOf(recipe(dir, split))));
  for (const kind of ['speech', 'music', 'noise', 'rooms'] as const) {
    const groups = all.map((of) => {
      const source = of[kind];
      return source === undefined ? [] : groupsOf(source);
    });
    expect(groups.map(({ length }) => length)).toEqual([10, 1, 1]);
    expect(new Set(groups.flat()).size).toBe(12);
  }
});

test('rooms, speakers that are left out and other sounds make other clips', async () => {
  const [without, rooms] = await Promise.all([
    ownSounds(['speech', 'music', 'noise']),
    ownSounds(['speech', 'music', 'noise', 'rooms']),
  ]);
  const hash = async (of: Recipe): Promise<string> => hashOfRecipe(of, await ingredientsOf(of));
  const plain = recipe(without, 'train');
  const limited = { ...plain, limit: { speakers: 3, pieces: 2 } };
  const hashes = [await hash(plain), await hash(recipe(rooms, 'train')), await hash(limited)];
  await writeFile(join(without, 'noise', '0.wav'), writeWav([[0.7, 0.2]], 16_000, { bits: 16 }));
  await writeFile(join(without, 'noise', '1.wav'), writeWav([[0.7, 0.2]], 16_000, { bits: 16 }));
  hashes.push(await hash(plain));
  expect(new Set(hashes).size).toBe(4);
});

test('of a limited split, only the first speakers and pieces are there', async () => {
  const of = recipe(await ownSounds(['speech', 'music', 'noise']), 'train');
  const all = await ingredientsOf(of);
  const some = await ingredientsOf({ ...of, limit: { speakers: 3, pieces: 2 } });
  expect([some.speech.count, some.music.count, some.noise.count]).toEqual([3, 2, 10]);
  expect(groupsOf(some.speech)).toEqual(groupsOf(all.speech).slice(0, 3));
  await expect(some.speech.read(3)).rejects.toMatchObject({ code: 'NCN_SOUND_INDEX' });
});
