import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Launcher } from '../../../core/plugins/launcher.js';
import { prettyJson } from '../../../core/run/json.js';
import { request } from '../../../lab/sweep/control.js';
import { Ledger, ledgerFile, makeSweepDirectory, readLedger } from '../../../lab/sweep/ledger.js';
import type { SweepRequest } from '../../../lab/sweep/requests.js';
import { SweepLock } from '../../../lab/sweep/sweep-lock.js';
import { InProcessLauncher, finish } from './in-process.js';
import { newSweep, wanted } from './support.js';

const retry: SweepRequest = { action: 'retry', jobs: [1] };
const silent = (): void => undefined;

/** Makes the holder of a sweep's lock one on another machine. */
async function moveAway(directory: string): Promise<void> {
  const path = join(directory, 'lock.json');
  const owner = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
  await writeFile(path, prettyJson({ ...owner, host: 'elsewhere' }));
}

test('a lock of another machine is believed, whatever it gives or does not give as signs of life', async () => {
  const directory = await newSweep();
  const holder = await SweepLock.take(directory, silent);
  await moveAway(directory);
  const error = await SweepLock.take(directory, silent).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'NCN_RUN_IN_USE' });
  expect(error).toHaveProperty('hint', expect.stringContaining('--take-lock'));
  // It lives, and that is seen.
  await expect(SweepLock.take(directory, silent, { takeAfter: 5 })).rejects.toMatchObject({
    code: 'NCN_RUN_IN_USE',
  });
  await holder.check();
  await holder.release();
});

test('taken over in silence; the old holder, should it live on, writes nothing more', async () => {
  const directory = await newSweep();
  const old = await SweepLock.take(directory, silent);
  const before = await Ledger.open(directory, old.check);
  await before.add(wanted('a', 1), 1, 1);
  await moveAway(directory);
  const said: string[] = [];
  const lock = await SweepLock.take(directory, (line) => said.push(line), { takeAfter: 0.2 });
  expect(said[0]).toContain('sign of life');
  const text = await readFile(join(directory, ledgerFile), 'utf8');
  await expect(before.add(wanted('a', 2), 1, 1)).rejects.toMatchObject({
    code: 'NCN_SWEEP_LOCK_LOST',
  });
  expect(await readFile(join(directory, ledgerFile), 'utf8')).toBe(text);
  await before.close();
  // Nor does it give away what is not its own.
  await old.release();
  await lock.check();
  await lock.release();
});

test('where the launcher queues, nobody stays to serve a request: it is made here, or refused', async () => {
  const directory = await newSweep();
  const ledger = await Ledger.open(directory);
  await ledger.add(wanted('a', 1), 1, 1);
  await ledger.close();
  const held = await SweepLock.take(directory, silent);
  const { name, pollEvery, grace, most, submit, find, poll, stop } = new InProcessLauncher(finish);
  const launcher: Launcher = {
    name,
    pollEvery,
    grace,
    most,
    submit,
    find,
    poll,
    stop,
    queues: true,
  };
  const cancel: SweepRequest = { action: 'cancel', jobs: [1] };
  await expect(request(directory, cancel, silent, launcher, { patience: 0 })).rejects.toMatchObject(
    { code: 'NCN_RUN_IN_USE' },
  );
  setTimeout(() => void held.release(), 100);
  expect(await request(directory, cancel, silent, launcher)).toBe('this process');
});

/** A sweep of one job, which nobody runs. */
async function resting(): Promise<string> {
  const directory = await newSweep();
  const ledger = await Ledger.open(directory);
  await ledger.add(wanted('a', 1), 1, 1);
  await ledger.close();
  return directory;
}

const launcher = new InProcessLauncher(finish);
const soon = { silence: 1, answer: 300 };

test('a request to a holder that does not answer is left, and said to be', async () => {
  const directory = await resting();
  const holder = await SweepLock.take(directory, silent);
  const cancel: SweepRequest = { action: 'cancel', jobs: [1] };
  expect(await request(directory, cancel, silent, launcher, soon)).toBe('nobody yet');
  await holder.release();
  // The next command carries it out before its own.
  expect(await request(directory, retry, silent, launcher)).toBe('this process');
  expect(await readdir(join(directory, 'requests'))).toEqual([]);
  expect((await readLedger(directory)).get(1)?.state).toBe('queued');
});

test('a request to a holder that ends without looking is carried out here', async () => {
  const directory = await resting();
  const holder = await SweepLock.take(directory, silent);
  setTimeout(() => void holder.release(), 50);
  const cancel: SweepRequest = { action: 'cancel', jobs: [1] };
  expect(await request(directory, cancel, silent, launcher, { answer: 60_000 })).toBe(
    'this process',
  );
  expect((await readLedger(directory)).get(1)?.state).toBe('cancelled');
  expect(await readdir(join(directory, 'requests'))).toEqual([]);
});

test('a silent holder on another machine is asked nothing', async () => {
  const directory = await resting();
  const holder = await SweepLock.take(directory, silent);
  await moveAway(directory);
  await expect(request(directory, retry, silent, launcher, soon)).rejects.toMatchObject({
    code: 'NCN_RUN_IN_USE',
  });
  await expect(readdir(join(directory, 'requests'))).rejects.toMatchObject({ code: 'ENOENT' });
  await holder.release();
});

test('a folder in which a process died while it took the lock is still that of a new sweep', async () => {
  const directory = await newSweep();
  await writeFile(join(directory, 'lock-0123456789abcdef.claim'), '{}');
  await makeSweepDirectory(directory);
});
