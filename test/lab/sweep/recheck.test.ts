import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requeueDamaged } from '../../../lab/sweep/recheck.js';
import { finish, InProcessLauncher } from './in-process.js';
import { seeds, sweepOf } from './support.js';

test('a job that is done, but whose results or status are damaged or gone, goes on again', async () => {
  const launcher = new InProcessLauncher(finish);
  const { scheduler, ledger, directory, states } = await sweepOf(seeds(1, 2, 3, 4), launcher);
  await scheduler.run();
  await writeFile(join(directory, '0001-a-1', 'summary.json'), '{"results":');
  await rm(join(directory, '0002-a-2', 'status.json'));
  // One that was moved away is not missed.
  await rm(join(directory, '0003-a-3'), { recursive: true });
  const said: string[] = [];
  await requeueDamaged(ledger, (message) => said.push(message));
  expect(states()).toEqual(['queued', 'queued', 'done', 'done']);
  expect(said).toEqual([
    expect.stringMatching(/^0001-a-1: .*summary\.json/),
    '0002-a-2: Its status is missing; it is written anew.',
  ]);
  const again = await sweepOf([], launcher, { directory, ledger });
  await again.scheduler.run();
  expect(again.told.filter((line) => line.endsWith('resumed'))).toHaveLength(2);
  expect(states()).toEqual(['done', 'done', 'done', 'done']);
  await requeueDamaged(ledger, (message) => said.push(message));
  expect(said).toHaveLength(2);
});
