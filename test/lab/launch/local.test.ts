import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Launcher } from '../../../core/plugins/launcher.js';
import { localLauncher } from '../../../lab/launch/local.js';
import { Watcher } from '../../../lab/launch/watched.js';
import { InProcessLauncher, finish } from '../sweep/in-process.js';
import { seeds, sweepOf } from '../sweep/support.js';

const broken: Launcher = {
  ...localLauncher,
  submit: (submission) =>
    localLauncher.submit({
      ...submission,
      jobs: submission.jobs.map((job) => ({ ...job, command: ['/nonexistent/node'] as const })),
    }),
};

test('jobs whose processes cannot be started fail with the reason, and the sweep ends', async () => {
  const { scheduler, states, ledger, told } = await sweepOf(seeds(1, 2), broken, { slots: 2 });
  await scheduler.run();
  expect(states()).toEqual(['failed', 'failed']);
  expect(told).toEqual(['failed 1', 'failed 2']);
  expect(ledger.records.get(2)?.reason).toMatch(/0002-a-2 could not be started: .*ENOENT/);
});

test('jobs of which a launcher knows the same about are watched one by one', async () => {
  const { name, queues, pollEvery, grace, most, find, stop } = new InProcessLauncher(finish);
  const launcher: Launcher = {
    ...{ name, queues, pollEvery, grace, most, find, stop },
    submit: ({ jobs }) => Promise.resolve(jobs.map(() => null)),
    poll: (handles) => Promise.resolve(handles.map(() => ({ kind: 'absent' as const }))),
  };
  const folder = await mkdtemp(join(tmpdir(), 'ncn-watched-'));
  const watcher = new Watcher(launcher, folder);
  const request = {
    ...{ name: 'a', cwd: folder, log: join(folder, 'log'), threads: 1, device: null },
    command: ['true'] as const,
  };
  const jobs = [await watcher.launch(request), await watcher.launch(request)];
  expect(await Promise.all(jobs.map(({ ended }) => ended))).toHaveLength(2);
});
