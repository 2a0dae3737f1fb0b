import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Launcher } from '../../../core/plugins/launcher.js';
import { RunDirectory } from '../../../core/run/directory.js';
import { acquireLock } from '../../../core/run/lock.js';
import {
  failFirst,
  finish,
  InProcessLauncher,
  killedAt,
  runUntilStopped,
  type Behaviour,
} from './in-process.js';
import { openLedger, seeds, sweepOf, when } from './support.js';

/** A sweep whose process died while a job ran: what the next one finds. */
async function orphan(behave: Behaviour, launcherName?: string) {
  const launcher = new InProcessLauncher(behave, launcherName);
  let dead = false;
  const { name, queues, pollEvery, grace, most, submit, find } = launcher;
  // A dead process neither stops its jobs nor sees any more of them.
  const seen: Launcher = {
    ...{ name, queues, pollEvery, grace, most, submit, find },
    stop: () => Promise.resolve(),
    poll: (handles) =>
      dead
        ? Promise.resolve(handles.map(() => ({ kind: 'absent' as const })))
        : launcher.poll(handles),
  };
  const before = await sweepOf(seeds(1), seen, {
    // Dies once the job has started, with nothing in the ledger after that.
    observe: when('started 1', () => {
      dead = true;
      throw new Error('the process dies');
    }),
  });
  await expect(before.scheduler.run()).rejects.toThrow('the process dies');
  await before.ledger.close();
  const ledger = await openLedger(before.directory);
  expect(ledger.records.get(1)?.state).toBe('running');
  return { launcher, ledger, directory: before.directory };
}

test('after a restart, a running job is adopted and watched to its end, not started again', async () => {
  const { launcher, ledger, directory } = await orphan(async (job) => {
    await job.asked();
    return finish(job);
  });
  const { scheduler, told } = await sweepOf([], launcher, {
    ledger,
    directory,
    observe: when('started 1', () => setTimeout(() => launcher.launched[0]?.stop(), 20)),
  });
  await scheduler.run();
  expect(told).toEqual(['started 1 adopted', 'done 1']);
  expect(launcher.launched).toHaveLength(1);
  expect(ledger.records.get(1)).toMatchObject({ state: 'done', starts: 1 });
});

test('after a restart, an adopted job can be stopped', async () => {
  const { launcher, ledger, directory } = await orphan(runUntilStopped);
  const { scheduler, told } = await sweepOf([], launcher, {
    ledger,
    directory,
    observe: when('started 1', () => scheduler.stop()),
  });
  await scheduler.run();
  expect(told).toEqual(['started 1 adopted', 'interrupted 1']);
  expect(ledger.records.get(1)).toMatchObject({ state: 'queued', starts: 1 });
});

test('after a restart, a job that is over counts as its run says', async () => {
  const finished = await orphan(finish);
  await finished.launcher.launched[0]?.ended;
  const first = await sweepOf([], finished.launcher, finished);
  await first.scheduler.run();
  expect(first.told).toEqual(['done 1']);

  const failed = await orphan(failFirst);
  await failed.launcher.launched[0]?.ended;
  const second = await sweepOf([], failed.launcher, failed);
  await second.scheduler.run();
  expect(second.told).toEqual(['failed 1']);
  expect(failed.ledger.records.get(1)?.reason).toBe('the plugin broke');

  const killed = await orphan(killedAt(5));
  await killed.launcher.launched[0]?.ended;
  const third = await sweepOf([], killed.launcher, killed);
  await third.scheduler.run();
  expect(third.told).toEqual(['interrupted 1', 'started 1 resumed', 'done 1']);
});

test('a job of another launcher is not touched', async () => {
  const { ledger, directory, launcher } = await orphan(runUntilStopped, 'cluster');
  const other = new InProcessLauncher(finish, 'local');
  const { scheduler } = await sweepOf([], other, { ledger, directory });
  await expect(scheduler.run()).rejects.toMatchObject({ code: 'NCN_SWEEP_OTHER_LAUNCHER' });
  expect(ledger.records.get(1)?.state).toBe('running');
  launcher.launched[0]?.stop();
});

test('a run that somebody else uses is watched until its lock is free, and then goes on', async () => {
  const launcher = new InProcessLauncher(finish);
  const { scheduler, ledger, directory, told } = await sweepOf(seeds(1), launcher, {
    observe: when('started 1', () => setTimeout(() => void lock.release(), 20)),
  });
  const run = await RunDirectory.createAt(join(directory, '0001-a-1'));
  await run.writeJson('manifest.json', {});
  const lock = await acquireLock(run.path, () => undefined);
  await scheduler.run();
  expect(told).toEqual([...['started 1 adopted', 'interrupted 1', 'started 1 resumed', 'done 1']]);
  expect(launcher.launched).toHaveLength(1);
  expect(ledger.records.get(1)?.state).toBe('done');
});
