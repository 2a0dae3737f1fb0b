import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { keepSeeds, readSeeds, scaleStem } from '../../lab/seed-files.js';

const schema = z.strictObject({
  preset: z.string(),
  seed: z.int(),
  state: z.string(),
  data: z.string().nullable(),
});
type Run = z.infer<typeof schema>;

const scale = { settings: 'ncn reproduce --profile quick', profile: 'quick' };
const run = (preset: string, data: string | null, state = 'done', seed = 1): Run => ({
  ...{ preset, seed, state, data },
});
const keep = (folder: string, ...runs: readonly Run[]) =>
  keepSeeds(folder, scale, runs, schema, ({ data }) => data ?? undefined);

test('runs on other data than those that are kept are refused, and nothing is written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-seeds-'));
  await keep(folder, run('a', 'mnist'), run('b', null, 'failed'));
  await keep(folder, run('b', 'mnist'));
  const names = await readdir(folder);
  const before = await readFile(join(folder, 'quick-seed-1.json'), 'utf8');
  for (const seed of [1, 2]) {
    await expect(keep(folder, run('a', 'glyphs', 'done', seed))).rejects.toMatchObject({
      code: 'NCN_STUDY_DATA',
      message: expect.stringMatching(/made on glyphs, .* keeps on mnist/) as string,
    });
  }
  expect(await readdir(folder)).toEqual(names);
  expect(await readFile(join(folder, 'quick-seed-1.json'), 'utf8')).toBe(before);
  const [kept] = await readSeeds(folder, schema);
  expect(kept?.runs.map(({ preset }) => preset)).toEqual(['a', 'b']);
});

test('who keeps runs of the same seed at the same time loses none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-seeds-'));
  await Promise.all(['a', 'b', 'c'].map((preset) => keep(folder, run(preset, 'mnist'))));
  const [kept] = await readSeeds(folder, schema);
  expect(kept?.runs.map(({ preset }) => preset)).toEqual(['a', 'b', 'c']);
  expect(await readdir(folder)).toEqual(['quick-seed-1.json']);
});

test('a scale is named by its profile, or with other settings by a hash of them', () => {
  expect(scaleStem(scale)).toBe('quick');
  const other = scaleStem({ ...scale, settings: `${scale.settings} --updates 3` });
  expect(other).toMatch(/^quick-[0-9a-f]{8}$/);
  expect(scaleStem({ ...scale, settings: `${scale.settings} --updates 30` })).not.toBe(other);
});
