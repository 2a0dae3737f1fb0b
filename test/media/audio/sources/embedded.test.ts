import { expect, test } from 'vitest';
import { embeddedSource } from '../../../../media/audio/sources/embedded.js';
import type { SoundKind, Split } from '../../../../media/audio/sources/source.js';
import { rmsOf } from '../../../../media/audio/synthesis/level.js';
import { errorOf } from '../../image/data/fixtures.js';

const kinds: readonly SoundKind[] = ['speech', 'music', 'noise'];
const splits: readonly Split[] = ['train', 'valid', 'test'];

test('no speaker, piece or noise is in two splits, and each has a hash of its own', () => {
  const seen = new Set<string>();
  const hashes = new Set<string>();
  let groups = 0;
  for (const kind of kinds) {
    for (const split of splits) {
      const source = embeddedSource(kind, split);
      const own = new Set(Array.from({ length: source.count }, (_, i) => source.groupOf(i)));
      groups += own.size;
      for (const group of own) seen.add(group);
      hashes.add(source.hash);
      expect(source.hash).toMatch(/^[0-9a-f]{64}$/);
      expect(own.size).toBe(kind === 'speech' ? source.count / 8 : source.count);
    }
  }
  expect(seen.size).toBe(groups);
  expect(hashes.size).toBe(9);
});

test.each(kinds)(
  '%s: the same again, another at another index and in another split',
  async (kind) => {
    const source = embeddedSource(kind, 'train');
    const first = await source.read(3);
    expect(await source.read(3)).toEqual(first);
    expect((await source.read(4)).join()).not.toBe(first.join());
    expect((await embeddedSource(kind, 'test').read(3)).join()).not.toBe(first.join());
    expect(first.length / 16_000).toBeGreaterThanOrEqual(4);
    expect(first.length / 16_000).toBeLessThanOrEqual(12);
  },
);

test('the sounds are those of this version: with others, its number has to change', async () => {
  const levels = await Promise.all(
    kinds.map(async (kind) => rmsOf(await embeddedSource(kind, 'test').read(7))),
  );
  expect(levels.map((level) => level.toFixed(5))).toEqual(['0.04652', '0.35705', '0.07290']);
});

test.each([-1, 1920, 0.5])('there is no sound %f', async (index) => {
  const problem = await errorOf(embeddedSource('speech', 'train').read(index));
  expect(problem.code).toBe('NCN_SOUND_INDEX');
});
