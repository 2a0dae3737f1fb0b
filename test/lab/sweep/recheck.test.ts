import { createHash } from 'node:crypto';
import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CheckpointStore } from '../../../core/run/checkpoints.js';
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

test('a damaged state or log of a job that is done is told, and it stays done', async () => {
  const launcher = new InProcessLauncher(finish);
  const { scheduler, ledger, directory, states } = await sweepOf(seeds(1, 2, 3), launcher);
  await scheduler.run();
  const log = '{"type":"update"}\n';
  const metrics = { bytes: log.length, sha256: createHash('sha256').update(log).digest('hex') };
  for (const job of ['0001-a-1', '0002-a-2', '0003-a-3']) {
    await writeFile(join(directory, job, 'metrics.jsonl'), log);
    const store = new CheckpointStore(join(directory, job, 'checkpoints'));
    const tensors = new Map([['w', { shape: [1], data: new Float32Array([1]) }]]);
    await store.save({ update: 1, position: {}, plugins: {}, tensors, metrics });
  }
  const said: string[] = [];
  const check = (): Promise<void> => requeueDamaged(ledger, (message) => said.push(message));
  await check();
  expect(said).toEqual([]);
  await writeFile(join(directory, '0001-a-1', 'metrics.jsonl'), log.replace('u', 't'));
  const state = join(directory, '0002-a-2', 'checkpoints/update-000000001/state.safetensors');
  await truncate(state, 8);
  // Of a later version, which this one cannot read: no reason to stop.
  const index = join(directory, '0003-a-3', 'checkpoints/update-000000001/checkpoint.json');
  await writeFile(index, '{"format": 999}');
  await check();
  expect(said).toEqual([
    expect.stringMatching(
      /^0001-a-1: .*metrics\.jsonl is not what was written.*goes by its results/s,
    ),
    expect.stringMatching(
      /^0002-a-2: .*update-000000001 is damaged: state\.safetensors.*goes by its results/s,
    ),
    expect.stringMatching(/^0003-a-3: .*has format 999.*goes by its results/s),
  ]);
  expect(states()).toEqual(['done', 'done', 'done']);
});
