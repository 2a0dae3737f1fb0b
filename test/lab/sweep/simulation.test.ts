import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fateOf } from '../../../bench/cluster/nodes.js';
import { SimulatedCluster } from '../../../bench/cluster/simulation.js';
import { Attempts } from '../../../lab/sweep/attempts.js';
import { ledgerFile, readLedger } from '../../../lab/sweep/ledger.js';
import { record, submitSweep } from '../../../lab/sweep/submit.js';
import { surveyTwice } from '../../../lab/sweep/survey.js';
import { countStates } from '../../../lab/sweep/view.js';
import { newSweep, wanted } from './support.js';

const count = 200;
const silent = (): void => undefined;

test('two hundred jobs on twenty simulated nodes end well, with what a job may cost', async () => {
  const directory = await newSweep();
  const cluster = new SimulatedCluster({
    ...{ nodes: 20, seconds: 0.01, pollEvery: 20, grace: 50, most: 60 },
  });
  const jobs = Array.from({ length: count }, (_, i) => ({
    ...wanted('a', i + 1),
    ...{ updates: 10, work: 1, channels: 1, unreached: [], data: 'digits' },
  }));
  const parts = {
    ...{ directory, jobs, atOnce: null, say: silent, debug: silent },
    chosen: { launcher: cluster, plugin: 'launcher.simulated', options: {} },
  };
  const { submitted } = await submitSweep(parts);
  expect(submitted.map((part) => part.jobs)).toEqual([60, 60, 60, 20]);

  let states = countStates([]);
  for (let handed = submitted.length; handed > 0;) {
    do {
      const found = await surveyTwice(directory, await readLedger(directory), cluster, silent);
      await record(directory, found, silent);
      states = countStates(found.records.values());
    } while (states.done + states.lost + states.planned < count);
    // Only what vanished is handed in again.
    const again = await submitSweep(parts);
    handed = again.submitted.length;
    expect(again.submitted.reduce((sum, part) => sum + part.jobs, 0)).toBe(states.lost);
  }
  expect(cluster.broken).toEqual([]);
  expect(states.done).toBe(count);

  const names = [...(await readLedger(directory)).values()].map(({ job }) => job.name);
  const fates = names.map((name) => fateOf(name, 1));
  const cutShort = fates.filter((fate) => fate !== 'runs').length;
  expect(cutShort).toBeGreaterThan(0);
  expect(cluster.starts).toBe(count + cutShort);
  const attempts = new Attempts(directory);
  const listed = await attempts.list();
  for (const name of names) expect(await attempts.of(name)).toEqual(listed.get(name));
  // One file where an attempt starts, one where it ends, and nothing else is left.
  const unfinished = fates.filter((fate) => fate === 'dies' || fate === 'vanishes').length;
  const files = await readdir(join(directory, 'attempts'));
  expect(files.filter((file) => file.endsWith('.json'))).toHaveLength(
    2 * cluster.starts - unfinished,
  );
  expect((await stat(join(directory, ledgerFile))).size / count).toBeLessThan(700);
});
