import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJsonLine, type JsonObject } from '../../../core/run/json.js';
import type { JobRecord } from '../../../lab/sweep/events.js';
import { Ledger, ledgerFile, makeSweepDirectory, readLedger } from '../../../lab/sweep/ledger.js';
import { applyRequest, leaveRequest, takeRequests } from '../../../lab/sweep/requests.js';
import { newSweep, openLedger, wanted } from './support.js';

const how = { launcher: 'in-process', handle: 'h', resumed: false, device: null };
const at = (seconds: number): string => new Date(1e12 + 1000 * seconds).toISOString();

/** A ledger of these lines, which are written as given. */
async function written(...lines: (JsonObject | string)[]): Promise<string> {
  const directory = await newSweep();
  const text = lines.map((line) => (typeof line === 'string' ? line : canonicalJsonLine(line)));
  await writeFile(join(directory, ledgerFile), text.map((line) => `${line}\n`).join(''));
  return directory;
}

const begin = { type: 'sweep', time: at(0), format: 1 };
const request = { ...wanted('a').request, plugins: [], without: [], set: [] };
const job = {
  type: 'job',
  time: at(0),
  number: 1,
  name: '0001-a-1',
  request,
  updates: 10,
  work: 5,
};
const started = (seconds: number): JsonObject => ({
  type: 'started',
  time: at(seconds),
  number: 1,
  ...how,
});

test('a new ledger says what it is; jobs get numbers and names, each request once', async () => {
  const directory = await newSweep();
  const ledger = await openLedger(directory);
  const first = await ledger.add(wanted('a', 1), 10, 5);
  const second = await ledger.add(
    { ...wanted('b', 2, { set: [['x.y', 0.5]] }), varied: [['x.y', 0.5]] },
    10,
    5,
  );
  expect(await ledger.add(wanted('a', 1), 99, 99)).toEqual(first);
  expect([first.number, first.name]).toEqual([1, '0001-a-1']);
  expect([second.number, second.name]).toEqual([2, '0002-b-2-y=0.5']);
  expect(ledger.find(wanted('a', 1).request)).toEqual(first);
  expect(ledger.find(wanted('a', 2).request)).toBeUndefined();
  const lines = (await readFile(join(directory, ledgerFile), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as JsonObject)).toMatchObject([
    { type: 'sweep', format: 2 },
    { type: 'job', number: 1 },
    { type: 'job', number: 2 },
  ]);
});

test('seconds add up over the starts of a job, and a clock that goes back takes none away', async () => {
  const directory = await written(
    begin,
    job,
    started(10),
    { type: 'heartbeat', time: at(20), running: { 1: 4, 77: 3 } },
    { type: 'interrupted', time: at(40), number: 1, reason: 'stopped at update 4' },
    started(100),
    { type: 'done', time: at(112.5), number: 1 },
  );
  expect((await readLedger(directory)).get(1)).toEqual({
    job: { number: 1, name: '0001-a-1', request, updates: 10, work: 5 },
    state: 'done',
    since: at(112.5),
    starts: 2,
    reason: null,
    handle: 'h',
    launcher: 'in-process',
    device: null,
    seconds: 42.5,
    submission: null,
    heartbeat: { time: at(20), update: 4 },
  } satisfies JobRecord);
  const back = await written(begin, job, started(10), { type: 'done', time: at(5), number: 1 });
  expect((await readLedger(back)).get(1)?.seconds).toBe(0);
});

test('a torn last line is left out; opening cuts it off, and the next line stands alone', async () => {
  const directory = await newSweep();
  const before = await openLedger(directory);
  await before.add(wanted('a'), 10, 5);
  await before.started(1, how);
  await before.close();
  const path = join(directory, ledgerFile);
  const whole = await readFile(path);
  for (const torn of ['{"type":"done","num', '{"number":1,"time":"2026', '{']) {
    await writeFile(path, whole);
    await appendFile(path, torn);
    expect(await readLedger(directory)).toEqual(before.records);
    const ledger = await openLedger(directory);
    expect(ledger.records).toEqual(before.records);
    expect(await readFile(path)).toEqual(whole);
    await ledger.failed(1, 3, 'no data');
    expect(await readLedger(directory)).toEqual(ledger.records);
    expect(ledger.records.get(1)).toMatchObject({ state: 'failed', reason: 'no data' });
  }
});

test('a ledger that died with its first line begins again', async () => {
  const directory = await newSweep();
  await writeFile(join(directory, ledgerFile), '{"format":1,"ti');
  const ledger = await openLedger(directory);
  await ledger.add(wanted('a'), 10, 5);
  expect(await readLedger(directory)).toEqual(ledger.records);
  expect(await readFile(join(directory, ledgerFile), 'utf8')).toMatch(
    /^\{"format":2,"sum":"[0-9a-f]{16}","time":"[^"]+","type":"sweep"\}\n/,
  );
});

test('any other broken line is an error that names it', async () => {
  const torn = await written(begin, '{"type":"jo', job);
  await expect(readLedger(torn)).rejects.toMatchObject({ code: 'NCN_RUN_LOG_LINE' });
  await expect(readLedger(torn)).rejects.toThrow(/line 2/);
  await expect(Ledger.open(torn)).rejects.toMatchObject({ code: 'NCN_RUN_LOG_LINE' });
});

test('an event of an unknown kind or shape is an error that names its line', async () => {
  for (const [line, problem] of [
    [{ type: 'paused', time: at(1), number: 1 }, /line 3: /],
    [{ type: 'done', time: at(1) }, /line 3: .*number/],
    [{ ...job, number: 2, request: { ...request, colour: 'red' } }, /line 3: .*colour/],
    [{ type: 'failed', time: at(1), number: 1, exit: 0.5, reason: '' }, /line 3: .*exit/],
  ] as const) {
    const directory = await written(begin, job, line);
    await expect(readLedger(directory)).rejects.toMatchObject({ code: 'NCN_SWEEP_LEDGER' });
    await expect(readLedger(directory)).rejects.toThrow(problem);
    await expect(Ledger.open(directory)).rejects.toMatchObject({ code: 'NCN_SWEEP_LEDGER' });
  }
  const newer = await written({ ...begin, format: 3 });
  await expect(readLedger(newer)).rejects.toThrow(/line 1: .*format/);
});

test('an event of a job that the ledger does not know changes nothing', async () => {
  const directory = await written(
    begin,
    job,
    { type: 'done', time: at(1), number: 7 },
    { type: 'heartbeat', time: at(2), running: { 7: 3 } },
  );
  const records = await readLedger(directory);
  expect([...records.keys()]).toEqual([1]);
  expect(records.get(1)).toMatchObject({ state: 'queued', since: at(0), heartbeat: null });
});

test('a folder without a ledger is no sweep, and one with other files does not become one', async () => {
  const directory = join(await newSweep(), 'inside');
  await expect(readLedger(directory)).rejects.toMatchObject({ code: 'NCN_SWEEP_NOT_A_SWEEP' });
  await mkdir(directory);
  await expect(readLedger(directory)).rejects.toMatchObject({ code: 'NCN_SWEEP_NOT_A_SWEEP' });
  await writeFile(join(directory, 'notes.txt'), 'mine');
  await expect(makeSweepDirectory(directory)).rejects.toMatchObject({
    code: 'NCN_SWEEP_NOT_EMPTY',
  });
  await rm(join(directory, 'notes.txt'));
  await makeSweepDirectory(directory);
  await (await Ledger.open(directory)).close();
  // Now it is a sweep, whatever runs and reports stand beside the ledger.
  await writeFile(join(directory, 'notes.txt'), 'mine');
  await makeSweepDirectory(directory);
  expect((await readLedger(directory)).size).toBe(0);
});

test('requests change what is not running; what runs is for the caller to stop', async () => {
  const ledger = await openLedger(await newSweep());
  for (const seed of [1, 2, 3, 4, 5]) await ledger.add(wanted('a', seed), 10, 5);
  await ledger.started(2, how);
  await ledger.failed(3, 4, 'broke');
  await ledger.done(4);
  await ledger.cancelled(5);
  const states = (): string[] => [...ledger.records.values()].map(({ state }) => state);
  const all = [1, 2, 3, 4, 5, 99];
  const { running } = await applyRequest(ledger, { action: 'cancel', jobs: all });
  expect(running.map(({ job: { number } }) => number)).toEqual([2]);
  expect(states()).toEqual(['cancelled', 'running', 'cancelled', 'done', 'cancelled']);
  expect((await applyRequest(ledger, { action: 'retry', jobs: all })).running).toEqual([]);
  expect(states()).toEqual(['queued', 'running', 'queued', 'done', 'queued']);
});

test('requests are taken once, in the order in which they were left; nonsense is dropped, and named', async () => {
  const directory = await newSweep();
  const none = { requests: [], damaged: [] };
  expect(await takeRequests(directory)).toEqual(none);
  await leaveRequest(directory, { action: 'cancel', jobs: [2] });
  // Names begin with the time in milliseconds.
  await new Promise((done) => setTimeout(done, 2));
  await leaveRequest(directory, { action: 'retry', jobs: [2, 3] });
  const folder = join(directory, 'requests');
  await writeFile(join(folder, '1-00000000.json'), '{"action":"explode","jobs":[1]}');
  await writeFile(join(folder, '2-00000000.json'), '{"action":');
  expect(await takeRequests(directory)).toEqual({
    requests: [
      { action: 'cancel', jobs: [2] },
      { action: 'retry', jobs: [2, 3] },
    ],
    damaged: ['1-00000000.json', '2-00000000.json'],
  });
  expect(await takeRequests(directory)).toEqual(none);
});

const number = fc.integer({ min: 1, max: 4 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), seed: number }),
  fc.record({ kind: fc.constant('started' as const), number, resumed: fc.boolean() }),
  fc.record({ kind: fc.constant('failed' as const), number, reason: fc.string() }),
  fc.record({ kind: fc.constant('interrupted' as const), number, reason: fc.string() }),
  fc.record({ kind: fc.constantFrom('done', 'cancelled', 'requeued'), number }),
  fc.record({ kind: fc.constant('heartbeat' as const), number, update: fc.nat() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(ledger: Ledger, done: Step): Promise<void> {
  switch (done.kind) {
    case 'add':
      await ledger.add(wanted('a', done.seed), 10, 5);
      break;
    case 'started':
      await ledger.started(done.number, { ...how, resumed: done.resumed });
      break;
    case 'failed':
      await ledger.failed(done.number, null, done.reason);
      break;
    case 'interrupted':
      await ledger.interrupted(done.number, done.reason);
      break;
    case 'heartbeat':
      await ledger.heartbeat(new Map([[done.number, done.update]]));
      break;
    default:
      await ledger[done.kind](done.number);
  }
}

test('whatever happens, and wherever it ends: the lines so far add up to the state so far', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const directory = await newSweep();
      const ledger = await Ledger.open(directory);
      const path = join(directory, ledgerFile);
      const states = [structuredClone(ledger.records)];
      const sizes = [(await readFile(path)).length];
      for (const done of steps) {
        await take(ledger, done);
        states.push(structuredClone(ledger.records));
        sizes.push((await readFile(path)).length);
      }
      await ledger.close();
      const bytes = await readFile(path);
      for (const [i, state] of states.entries()) {
        // Cut in the middle of the line that came next, as a crash might.
        const torn = ((sizes[i] ?? 0) + (sizes[i + 1] ?? bytes.length)) >> 1;
        await writeFile(path, bytes.subarray(0, torn));
        expect(await readLedger(directory)).toEqual(state);
        const again = await Ledger.open(directory);
        expect(again.records).toEqual(state);
        await again.close();
      }
    }),
    { numRuns: 40, seed: 1 },
  );
});
