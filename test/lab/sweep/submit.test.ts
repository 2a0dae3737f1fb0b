import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SimulatedCluster } from '../../../bench/cluster/simulation.js';
import { readLedger } from '../../../lab/sweep/ledger.js';
import { isPublished } from '../../../lab/sweep/ownership.js';
import { record, submitSweep, type SubmitParts } from '../../../lab/sweep/submit.js';
import { surveyTwice } from '../../../lab/sweep/survey.js';
import { finish, InProcessLauncher } from './in-process.js';
import { newSweep, openLedger, seeds, sweepOf, wanted } from './support.js';

const silent = (): void => undefined;

function partsOf(directory: string, grace: number, said: string[] = []) {
  const cluster = new SimulatedCluster({
    ...{ nodes: 2, seconds: 0.01, pollEvery: 10, grace, most: 10 },
  });
  const parts: SubmitParts = {
    ...{ directory, jobs: [], atOnce: null, common: [], debug: silent },
    say: (line) => said.push(line),
    chosen: { launcher: cluster, plugin: 'launcher.simulated', options: {} },
  };
  return { cluster, parts };
}

/** Looks until a job is in no queue any more. */
async function settled(directory: string, cluster: SimulatedCluster): Promise<string> {
  for (;;) {
    const found = await surveyTwice(directory, await readLedger(directory), cluster, silent);
    await record(directory, found, silent);
    const state = found.records.get(1)?.state ?? 'none';
    if (!['queued', 'running', 'submitted', 'unknown'].includes(state)) return state;
  }
}

test('jobs that run on this machine are handed to no queue', async () => {
  const directory = await newSweep();
  const ledger = await openLedger(directory);
  await ledger.add(wanted('a', 1), 1, 1);
  const about = { launcher: 'local', handle: null, resumed: false, device: null };
  await ledger.started(1, about);
  const { parts } = partsOf(directory, 1);
  const jobs = [
    { ...wanted('a', 2), updates: 1, work: 1, channels: 1, unreached: [], data: 'digits' },
  ];
  await expect(submitSweep({ ...parts, jobs })).rejects.toMatchObject({
    code: 'NCN_SWEEP_OTHER_LAUNCHER',
  });
  expect((await readLedger(directory)).size).toBe(1);
});

test('damaged results of a job that is done are told, and the job is handed in again', async () => {
  const { directory, scheduler } = await sweepOf(seeds(1), new InProcessLauncher(finish));
  await scheduler.run();
  const said: string[] = [];
  const { cluster, parts } = partsOf(directory, 20, said);
  // The second time, the attempt that finished it is another submission's.
  for (const times of [1, 2]) {
    await writeFile(join(directory, '0001-a-1', 'summary.json'), '{"results":');
    expect((await submitSweep(parts)).submitted).toHaveLength(1);
    expect(said).toHaveLength(times);
    expect(said.at(-1)).toMatch(/^0001-a-1: .*summary\.json/);
    expect(await settled(directory, cluster)).toBe('done');
    expect(await isPublished(directory, '0001-a-1')).toBe(true);
    expect((await submitSweep(parts)).submitted).toEqual([]);
  }
});

test('who waits to look again can be woken, and then concludes nothing', async () => {
  const { directory, scheduler } = await sweepOf(seeds(1), new InProcessLauncher(finish));
  await scheduler.run();
  await writeFile(join(directory, '0001-a-1', 'summary.json'), '{"results":');
  const { parts } = partsOf(directory, 1);
  await submitSweep(parts);
  // To another cluster the job is out of sight.
  const { cluster: other } = partsOf(directory, 600_000);
  const waker = new AbortController();
  const found = await surveyTwice(
    directory,
    await readLedger(directory),
    other,
    () => setTimeout(() => waker.abort(), 10),
    waker.signal,
  );
  expect(found.records.get(1)?.state).toBe('unknown');
});
