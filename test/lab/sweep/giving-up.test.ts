import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepLockLost } from '../../../lab/errors/sweep.js';
import { Ledger } from '../../../lab/sweep/ledger.js';
import { SweepLock } from '../../../lab/sweep/sweep-lock.js';
import { InProcessLauncher, runUntilStopped, type Behaviour } from './in-process.js';
import { newSweep, seeds, sweepOf, wanted } from './support.js';

/** A sweep of two jobs at a time, whose ledger cannot be written after so many lines. */
async function until(lines: number, error: Error, behave: Behaviour) {
  const directory = await newSweep();
  let left = lines;
  const check = (): Promise<void> => (left-- > 0 ? Promise.resolve() : Promise.reject(error));
  const ledger = await Ledger.open(directory, check);
  const launcher = new InProcessLauncher(behave);
  const sweep = await sweepOf(seeds(1, 2), launcher, { directory, ledger, slots: 2 });
  return { ...sweep, launcher };
}

// A line for the sweep, and one for each of its jobs.
const before = 3;

test.each([0, 1])(
  'a sweep that cannot write any more after %d starts has its jobs save and end, and says so',
  async (starts) => {
    const full = new Error('the disk is full');
    const { scheduler, launcher, told, ledger } = await until(
      before + starts,
      full,
      runUntilStopped,
    );
    await expect(scheduler.run()).rejects.toBe(full);
    expect(launcher.launched.map(({ stopped }) => stopped.aborted)).toEqual(
      Array(starts + 1).fill(true),
    );
    expect(launcher.running).toBe(0);
    expect(told.at(-1)).toBe(
      `giving up ${['0001-a-1', '0002-a-2'].slice(0, starts + 1).join(' ')}`,
    );
    await ledger.close();
  },
);

test('where another process took the sweep over, its jobs are left to that one', async () => {
  const error = sweepLockLost('there');
  const { scheduler, launcher, told, ledger } = await until(before + 1, error, runUntilStopped);
  await expect(scheduler.run()).rejects.toBe(error);
  expect(launcher.launched.map(({ stopped }) => stopped.aborted)).toEqual([false, false]);
  expect(told.at(-1)).toBe('giving up and leaving 0001-a-1 0002-a-2');
  for (const job of launcher.launched) job.stop();
  await ledger.close();
});

test('a lock that was removed is not one that was taken over', async () => {
  const directory = await newSweep();
  const lock = await SweepLock.take(directory, () => undefined);
  const ledger = await Ledger.open(directory, lock.check);
  await rm(join(directory, 'lock.json'));
  await expect(ledger.add(wanted('a'), 1, 1)).rejects.toMatchObject({
    code: 'NCN_SWEEP_LOCK_GONE',
  });
  await ledger.close();
  await lock.release();
});
