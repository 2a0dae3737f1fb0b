import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { keepSeeds, readSeeds } from '../../lab/seed-files.js';

const schema = z.strictObject({
  preset: z.string(),
  seed: z.int(),
  state: z.string(),
  data: z.string().nullable(),
});
type Run = z.infer<typeof schema>;

const scale = { command: 'ncn reproduce --profile quick --seeds 1', profile: 'quick' };
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
