import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunDirectory } from '../../../core/run/directory.js';
import { runState } from '../../../lab/sweep/run-state.js';
import { finish, InProcessLauncher } from './in-process.js';
import { newSweep, seeds, sweepOf } from './support.js';

test('a run that never began leaves nothing that is kept', async () => {
  const path = join(await newSweep(), 'run');
  await mkdir(path);
  expect(await runState(path)).toEqual({ kind: 'none' });
  await RunDirectory.createAt(path);
  await writeFile(join(path, 'config.json'), '{}');
  expect(await runState(path)).toEqual({ kind: 'none' });
  await expect(readFile(join(path, 'config.json'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test.each(['checkpoints/update-000000141/state.safetensors', 'notes.txt', 'metrics.jsonl'])(
  'a run that lost its manifest but has %s fails, and nothing of it is removed',
  async (file) => {
    const launcher = new InProcessLauncher(finish);
    const { scheduler, directory, states, ledger } = await sweepOf(seeds(1, 2), launcher);
    const run = await RunDirectory.createAt(join(directory, '0001-a-1'));
    await mkdir(join(run.path, file, '..'), { recursive: true });
    await writeFile(join(run.path, file), 'kept');
    await scheduler.run();
    expect(states()).toEqual(['failed', 'done']);
    expect(ledger.records.get(1)?.reason).toContain('0001-a-1 has no manifest.json');
    expect(await readFile(join(run.path, file), 'utf8')).toBe('kept');
  },
);
