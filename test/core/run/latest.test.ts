import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunDirectory } from '../../../core/run/directory.js';

test('latest is the run that was made last, unless a folder is called so', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ncn-latest-'));
  await expect(RunDirectory.open('latest', root)).rejects.toMatchObject({
    code: 'NCN_RUN_NOT_FOUND',
  });
  const make = async (name: string, manifest: string): Promise<void> => {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'manifest.json'), manifest);
  };
  await make('b-old', '{"created": "2026-01-01T00:00:00.000Z"}');
  await make('a-new', '{"created": "2026-01-02T00:00:00.000Z"}');
  await make('c-damaged', '{');
  expect((await RunDirectory.open('latest', root)).name).toBe('a-new');
  await make('latest', '{"created": "2025-01-01T00:00:00.000Z"}');
  expect((await RunDirectory.open('latest', root)).name).toBe('latest');
});
