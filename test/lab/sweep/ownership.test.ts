import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunDirectory } from '../../../core/run/directory.js';
import { Attempts, type Attempt } from '../../../lab/sweep/attempts.js';
import { isPublished, takeOver } from '../../../lab/sweep/ownership.js';
import { makeFolder } from '../../../lab/files.js';
import { newSweep } from './support.js';

async function runIn(path: string, state: 'finished' | 'interrupted'): Promise<void> {
  const run = await RunDirectory.createAt(path);
  await run.writeJson('manifest.json', {});
  await run.writeJson('summary.json', { results: {} });
  await run.writeStatus({ state, time: new Date().toISOString() });
}

/** A sweep whose first attempt at a job left no word. */
async function secondAttempt() {
  const attempts = new Attempts(await newSweep());
  await makeFolder(attempts.folder);
  const before: Attempt[] = [{ number: 1, end: null }];
  return { attempts, take: () => takeOver(attempts, 'job', 2, before) };
}

test('a run that was published while a second attempt began stays where it is', async () => {
  const { attempts, take } = await secondAttempt();
  await runIn(join(attempts.sweep, 'job'), 'finished');
  expect(await take()).toBe('published');
  expect(await isPublished(attempts.sweep, 'job')).toBe(true);
});

test('one that is not finished is gone on with, wherever it is', async () => {
  for (const place of ['sweep', 'attempt'] as const) {
    const { attempts, take } = await secondAttempt();
    expect(await take()).toBe('nothing');
    await runIn(
      place === 'sweep' ? join(attempts.sweep, 'job') : attempts.run('job', 1),
      'interrupted',
    );
    expect(await take()).toBe('begun');
    expect(await RunDirectory.at(attempts.run('job', 2))).toBeDefined();
  }
});
