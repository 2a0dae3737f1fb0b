import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Launcher } from '../../../core/plugins/launcher.js';
import { localLauncher } from '../../../lab/launch/local.js';
import { RunDirectory } from '../../../core/run/directory.js';
import { readLedger } from '../../../lab/sweep/ledger.js';
import { leaveRequest } from '../../../lab/sweep/requests.js';
import { damages } from '../../support/damage.js';
import { failFirst, finish, InProcessLauncher, killedAt, runUntilStopped } from './in-process.js';
import { seeds, sweepOf, wanted, when } from './support.js';

test('jobs start by seed, in a seed the longest first, and else as they were added', async () => {
  const launcher = new InProcessLauncher(finish);
  const jobs = [
    [wanted('late', 2), 9],
    [wanted('short', 1), 1],
    [wanted('long', 1), 5],
    [wanted('alike', 1), 1],
  ] as const;
  const { scheduler, states, told } = await sweepOf(jobs, launcher);
  await scheduler.run();
  expect(launcher.names).toEqual(['long-1', 'short-1', 'alike-1', 'late-2']);
  expect(states()).toEqual(['done', 'done', 'done', 'done']);
  expect(told.slice(0, 4)).toEqual(['started 3 new', 'done 3', 'started 2 new', 'done 2']);
});

test('what a job is launched with: its run, threads, the common options, its log', async () => {
  const launcher = new InProcessLauncher(finish);
  const job = wanted('a', 3, { profile: 'quick', set: [['loss.content.weight', 0.5]] });
  const options = { threads: 2, common: ['--data', 'there'] };
  const { scheduler, directory } = await sweepOf([[job]], launcher, options);
  await scheduler.run();
  const [first] = launcher.launched;
  expect(first?.request).toMatchObject({
    name: '0001-a-3',
    log: join(directory, 'logs', '0001-a-3.log'),
    cwd: process.cwd(),
    threads: 2,
    device: null,
  });
  expect(first?.request.command.slice(2)).toEqual([
    ...['run', '--preset', 'a', '--seed', '3', '--profile', 'quick'],
    ...[
      '--set',
      'loss.content.weight=0.5',
      '--config-json',
      '{}',
      '--run-dir',
      join(directory, '0001-a-3'),
    ],
    ...['--threads', '2', '--json', '--data', 'there'],
  ]);
});

test('as many jobs run at a time as there are slots, and each slot has a device of its own', async () => {
  const used = new Map<string, number>();
  let shared = 0;
  const launcher = new InProcessLauncher(async (job) => {
    const device = String(job.request.device);
    const others = used.get(device) ?? 0;
    shared += others;
    used.set(device, others + 1);
    await sleep(5 * (1 + (launcher.launched.length % 3)));
    used.set(device, (used.get(device) ?? 0) - 1);
    return finish(job);
  });
  const { scheduler, states } = await sweepOf(seeds(1, 2, 3, 4, 5, 6, 7, 8), launcher, {
    slots: 3,
    devices: ['a', 'b', 'c'],
  });
  await scheduler.run();
  expect(launcher.highest).toBe(3);
  expect(shared).toBe(0);
  expect([...used.keys()].sort()).toEqual(['a', 'b', 'c']);
  expect(states()).toEqual(Array(8).fill('done'));
});

test('with fewer devices than slots, the slots take turns on them', async () => {
  const launcher = new InProcessLauncher(runUntilStopped);
  const { scheduler } = await sweepOf(seeds(1, 2, 3, 4), launcher, {
    slots: 4,
    devices: ['0', '1'],
    observe: when('started 4', () => scheduler.stop()),
  });
  await scheduler.run();
  expect(launcher.launched.map(({ request }) => request.device)).toEqual(['0', '1', '0', '1']);
});

test('a job that fails is told with its reason, and does not stop the others', async () => {
  const launcher = new InProcessLauncher((job) =>
    job.request.name.endsWith('-1') ? failFirst(job) : finish(job),
  );
  const { scheduler, ledger, states, told } = await sweepOf(seeds(1, 2), launcher);
  await scheduler.run();
  expect(states()).toEqual(['failed', 'done']);
  expect(ledger.records.get(1)?.reason).toBe('the plugin broke');
  expect(told).toEqual(['started 1 new', 'failed 1', 'started 2 new', 'done 2']);
});

test('a failure without a word has a reason all the same', async () => {
  const launcher = new InProcessLauncher(() => Promise.resolve({ exit: 1, signal: null }));
  const { scheduler, ledger } = await sweepOf(seeds(1), launcher);
  await scheduler.run();
  expect(ledger.records.get(1)).toMatchObject({ state: 'failed', reason: 'no reason given' });
});

test('a job that failed is retried on request, in the run that it began', async () => {
  const launcher = new InProcessLauncher(failFirst);
  const { scheduler, ledger, directory, told } = await sweepOf(seeds(1), launcher);
  await scheduler.run();
  expect(ledger.records.get(1)).toMatchObject({ state: 'failed', starts: 1 });
  // A job that there is not is no reason to do nothing.
  await leaveRequest(directory, { action: 'retry', jobs: [99, 1] });
  await scheduler.run();
  expect(ledger.records.get(1)).toMatchObject({ state: 'done', starts: 2, reason: null });
  expect(launcher.launched[1]?.request.command.slice(2, 4)).toEqual([
    ...['resume', join(directory, '0001-a-1')],
  ]);
  expect(told).toEqual(['started 1 new', 'failed 1', 'started 1 resumed', 'done 1']);
});

test('a request that is damaged is told, and those beside it are served', async () => {
  const launcher = new InProcessLauncher(failFirst);
  const { scheduler, directory, told } = await sweepOf(seeds(1), launcher);
  await scheduler.run();
  await leaveRequest(directory, { action: 'retry', jobs: [1] });
  await writeFile(join(directory, 'requests', '1-00000000.json'), '{"action":"re');
  await scheduler.run();
  expect(told.slice(2)).toEqual([
    ...['damaged request 1-00000000.json', 'started 1 resumed', 'done 1'],
  ]);
});

test('a retry that is asked for while others run is served by the same process', async () => {
  let requested: Promise<void> | undefined;
  const launcher = new InProcessLauncher(async (job) => {
    if (job.request.name.endsWith('-1')) return failFirst(job);
    await requested;
    return finish(job);
  });
  const { scheduler, directory, told } = await sweepOf(seeds(1, 2), launcher, {
    observe: when('failed 1', () => {
      requested = leaveRequest(directory, { action: 'retry', jobs: [1] }).then(() => undefined);
    }),
  });
  await scheduler.run();
  expect(told).toEqual([
    ...['started 1 new', 'failed 1', 'started 2 new', 'done 2', 'started 1 resumed', 'done 1'],
  ]);
});

test('a job that is killed goes on where it was, as long as it gets further', async () => {
  const launcher = new InProcessLauncher(killedAt(5, 5, 9, 9, 12));
  const { scheduler, ledger, told } = await sweepOf(seeds(1), launcher);
  await scheduler.run();
  expect(ledger.records.get(1)).toMatchObject({ state: 'done', starts: 6 });
  expect(told.filter((line) => line === 'interrupted 1')).toHaveLength(5);
});

test('a job that is killed three times at the same place is given up', async () => {
  const launcher = new InProcessLauncher(killedAt(3, 9, 9, 9));
  const { scheduler, ledger } = await sweepOf(seeds(1), launcher);
  await scheduler.run();
  expect(ledger.records.get(1)).toMatchObject({
    state: 'failed',
    starts: 4,
    reason: 'killed by SIGKILL 3 times at update 9; out of memory, perhaps',
  });
});

test('a job that came too early, while its run was in use, is tried again', async () => {
  let first = true;
  const launcher = new InProcessLauncher(async (job) => {
    if (!first) return finish(job);
    first = false;
    await job.say({ type: 'error', message: 'in use', code: 'NCN_RUN_IN_USE' });
    return { exit: 7, signal: null };
  });
  const { scheduler, ledger, told } = await sweepOf(seeds(1), launcher);
  await scheduler.run();
  expect(told).toEqual(['started 1 new', 'interrupted 1', 'started 1 new', 'done 1']);
  expect(ledger.records.get(1)).toMatchObject({ state: 'done', starts: 2 });
});

test('stopped, a sweep asks its jobs to save, starts no more, and goes on later', async () => {
  const launcher = new InProcessLauncher(runUntilStopped);
  const { scheduler, ledger, directory, states, told } = await sweepOf(seeds(1, 2, 3), launcher, {
    slots: 2,
    observe: when('started 2', () => scheduler.stop()),
  });
  await scheduler.run();
  expect(states()).toEqual(['queued', 'queued', 'queued']);
  expect(ledger.records.get(1)?.reason).toBe('stopped at update 0');
  expect(told.slice(0, 2)).toEqual(['started 1 new', 'started 2 new']);
  expect(told.slice(2).sort()).toEqual(['interrupted 1', 'interrupted 2']);
  await ledger.close();

  const later = await sweepOf([], new InProcessLauncher(finish), { directory });
  await later.scheduler.run();
  expect(later.told.filter((line) => line.startsWith('started'))).toEqual([
    ...['started 1 resumed', 'started 2 resumed', 'started 3 new'],
  ]);
  expect(later.states()).toEqual(['done', 'done', 'done']);
});

test('a job that was being started when the sweep was stopped is asked to save, too', async () => {
  const inner = new InProcessLauncher(runUntilStopped);
  const submit: Launcher['submit'] = (submission) => {
    scheduler.stop();
    return inner.submit(submission);
  };
  const { name, queues, pollEvery, grace, most, find, poll, stop } = inner;
  const launcher = { name, queues, pollEvery, grace, most, find, poll, stop, submit };
  const { scheduler, states, told } = await sweepOf(seeds(1, 2), launcher);
  await scheduler.run();
  expect(told).toEqual(['started 1 new', 'interrupted 1']);
  expect(states()).toEqual(['queued', 'queued']);
});

test('cancelled: a running job is stopped, a queued one never starts, the others go on', async () => {
  const launcher = new InProcessLauncher((job) =>
    job.request.name.endsWith('-1') ? runUntilStopped(job) : finish(job),
  );
  const { scheduler, directory, states, told } = await sweepOf(seeds(1, 2, 3), launcher, {
    observe: when('started 1', () => leaveRequest(directory, { action: 'cancel', jobs: [1, 2] })),
  });
  await scheduler.run();
  expect(states()).toEqual(['cancelled', 'cancelled', 'done']);
  expect(launcher.names).toEqual(['a-1', 'a-3']);
  expect(launcher.launched[0]?.stopped.aborted).toBe(true);
  expect(told).toEqual([
    ...['started 1 new', 'cancelled 2', 'cancelled 1', 'started 3 new', 'done 3'],
  ]);
});

test('a job that finishes although it was cancelled is done', async () => {
  const launcher = new InProcessLauncher(async (job) => {
    await job.asked();
    return finish(job);
  });
  const { scheduler, directory, states } = await sweepOf(seeds(1), launcher, {
    observe: when('started 1', () => leaveRequest(directory, { action: 'cancel', jobs: [1] })),
  });
  await scheduler.run();
  expect(states()).toEqual(['done']);
});

test.each(Object.keys(damages).filter((damage) => damage !== 'gone'))(
  'a job whose lock is damaged (%s) fails with the reason, and the others go on',
  async (damage) => {
    const launcher = new InProcessLauncher(finish);
    const { scheduler, directory, states, ledger } = await sweepOf(seeds(1, 2), launcher);
    const run = await RunDirectory.createAt(join(directory, '0001-a-1'));
    await run.writeJson('manifest.json', {});
    const lock = join(run.path, 'lock.json');
    await writeFile(lock, '{"pid": 1, "host": "elsewhere"}');
    damages[damage]?.(lock);
    await scheduler.run();
    expect(states()).toEqual(['failed', 'done']);
    expect(ledger.records.get(1)?.reason).toContain(lock);
    expect(launcher.launched).toHaveLength(1);
  },
);

test('a run that is finished already is done, and nothing is launched', async () => {
  const launcher = new InProcessLauncher(finish);
  const { scheduler, directory, states, told } = await sweepOf(seeds(1), launcher);
  const run = await RunDirectory.createAt(join(directory, '0001-a-1'));
  await run.writeJson('manifest.json', {});
  await run.writeJson('summary.json', { results: {} });
  await run.writeStatus({ state: 'finished', time: new Date().toISOString() });
  await scheduler.run();
  expect([states(), told, launcher.launched]).toEqual([['done'], ['done 1'], []]);
});

test('where nothing can be launched, the sweep ends and the job stays in the queue', async () => {
  const { scheduler, directory, states } = await sweepOf(seeds(1), localLauncher);
  // Then the job's log cannot be opened.
  await rm(join(directory, 'logs'), { recursive: true });
  await expect(scheduler.run()).rejects.toMatchObject({ code: 'NCN_RUN_MISSING' });
  expect(states()).toEqual(['queued']);
  expect((await readLedger(directory)).get(1)?.state).toBe('queued');
});
