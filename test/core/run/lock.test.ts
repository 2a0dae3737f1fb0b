import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock, type RunLock } from '../../../core/run/lock.js';
import { isRunning, startOf } from '../../../core/run/process.js';
import { refusal, scratch, startChild } from './helpers.js';

const root = await scratch();
const silent = (message: string): never => {
  throw new Error(`unexpected report: ${message}`);
};

async function fresh(name: string): Promise<string> {
  const directory = join(root, name);
  await mkdir(directory);
  return directory;
}

/** Above any pid the kernel gives out. */
const deadPid = 2 ** 30;
function ownerText(change: object = {}): string {
  const owner = {
    pid: deadPid,
    host: hostname(),
    start: '1',
    since: 'then',
    nonce: '0'.repeat(16),
  };
  return JSON.stringify({ ...owner, ...change });
}

test('one holder at a time; released, it is free again', async () => {
  const directory = await fresh('simple');
  const lock = await acquireLock(directory, silent);
  const error = await refusal(() => acquireLock(directory, silent));
  expect(error).toMatchObject({ code: 'NCN_RUN_IN_USE', exit: 7 });
  expect(error.message).toMatch(`process ${process.pid} on ${hostname()}, since 20`);
  await lock.release();
  await lock.release();
  expect(await readdir(directory)).toEqual([]);
  const again = await acquireLock(directory, silent);
  await lock.release();
  expect(await readdir(directory)).toEqual(['lock.json']);
  await again.release();
});

test('this process is running; its pid with another start is not it', async () => {
  expect(await isRunning(process.pid, await startOf(process.pid))).toBe(true);
  expect(await isRunning(process.pid, undefined)).toBe(true);
  expect(await isRunning(deadPid, undefined)).toBe(false);
});

test.each<[string, object]>([
  ['a dead pid', {}],
  ...(process.platform === 'linux'
    ? [['a pid that was given to another process', { pid: process.pid }] satisfies [string, object]]
    : []),
])('a lock of %s is taken over, with a notice', async (name, change) => {
  const directory = await fresh(name);
  await writeFile(join(directory, 'lock.json'), ownerText(change));
  const reports: string[] = [];
  const lock = await acquireLock(directory, (message) => reports.push(message));
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatch(/Took over the lock .* since then, is gone/);
  expect(await readFile(lock.path, 'utf8')).toContain(`"pid":${process.pid}`);
  expect(await readdir(directory)).toEqual(['lock.json']);
});

test('a claimant that died is followed by the next; a live one is respected', async () => {
  const directory = await fresh('chain');
  const claim = (of: string): string => join(directory, `lock-${of.repeat(16)}.claim`);
  await writeFile(join(directory, 'lock.json'), ownerText());
  await writeFile(claim('0'), ownerText({ nonce: '1'.repeat(16) }));
  const start = (await startOf(process.pid)) ?? null;
  const living = { pid: process.pid, start, nonce: '2'.repeat(16) };
  await writeFile(claim('1'), ownerText(living));
  expect((await refusal(() => acquireLock(directory, silent))).code).toBe('NCN_RUN_IN_USE');
  await rm(claim('1'));
  await acquireLock(directory, () => undefined);
  expect(await readdir(directory)).toEqual(['lock.json']);
});

test('a lock of another machine is believed, and the hint says what to do', async () => {
  const directory = await fresh('elsewhere');
  await writeFile(join(directory, 'lock.json'), ownerText({ host: 'elsewhere' }));
  const error = await refusal(() => acquireLock(directory, silent));
  expect(error.message).toContain('on elsewhere');
  expect(error.hint).toContain(`remove ${join(directory, 'lock.json')}`);
});

test('a lock that says nothing, and places where none can be', async () => {
  const directory = await fresh('odd');
  await writeFile(join(directory, 'lock.json'), '{}');
  const error = await refusal(() => acquireLock(directory, silent));
  expect(error.code).toBe('NCN_RUN_LOCK_UNREADABLE');
  const missing = await refusal(() => acquireLock(join(root, 'missing'), silent));
  expect(missing.code).toBe('NCN_RUN_MISSING');
  const under = await refusal(() => acquireLock(join(directory, 'lock.json'), silent));
  expect(under.code).toBe('NCN_RUN_NOT_A_DIRECTORY');
});

test('of many that take over the same dead lock, one gets it', async () => {
  const directory = await fresh('storm');
  for (let round = 0; round < 30; round++) {
    await writeFile(join(directory, 'lock.json'), ownerText());
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, () => acquireLock(directory, () => undefined)),
    );
    const held = results.filter(
      (r): r is PromiseFulfilledResult<RunLock> => r.status === 'fulfilled',
    );
    expect(held).toHaveLength(1);
    await held[0]?.value.release();
    expect(await readdir(directory)).toEqual([]);
  }
});

test('real processes: kill the holder, let others race, release', async () => {
  const directory = await fresh('processes');
  const go = join(root, 'go');
  const start = (): ReturnType<typeof startChild> => startChild('hold-lock.ts', directory, go);
  await writeFile(go, '');
  const holder = start();
  await holder.line('held');
  const refused = await refusal(() => acquireLock(directory, silent));
  expect(refused.message).toContain(`process ${holder.process.pid ?? ''} on`);
  holder.process.kill('SIGKILL');
  await holder.exited;

  await rm(go);
  const racers = [start(), start(), start(), start()];
  await Promise.all(racers.map((racer) => racer.line('ready')));
  await writeFile(go, '');
  const outcomes = await Promise.all(
    racers.map((racer) => Promise.race([racer.line('held'), racer.line('refused')])),
  );
  expect(outcomes.filter((line) => line === 'held')).toHaveLength(1);
  const winner = racers[outcomes.indexOf('held')];
  expect(winner?.lines[1]).toContain(`process ${holder.process.pid ?? ''}, which held it since`);
  for (const racer of racers) racer.process.stdin?.end();
  await Promise.all(racers.map((racer) => racer.exited));
  expect(await readdir(directory)).toEqual([]);
  await (await acquireLock(directory, silent)).release();
});
