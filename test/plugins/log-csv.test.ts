import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openExperiment, openRun, use, type RunOptions } from '../../core/index.js';
import { plain, runFolder, tiny } from '../core/open/support.js';

const given = tiny.plugins.filter((one) => typeof one === 'object' && 'ncnPlugin' in one);

/** A run that was stopped at its checkpoint of update 4. */
async function stopped(): Promise<string> {
  const directory = runFolder();
  const stop = new AbortController();
  const plugins = [...tiny.plugins, use('log.csv', { every: 1 })];
  const experiment = await openExperiment({ ...tiny, plugins }, plain);
  await experiment.train({
    directory,
    signal: stop.signal,
    onUpdate: ({ update }) => update === 4 && stop.abort(),
  });
  await experiment.close();
  return directory;
}

async function resumed(directory: string, options: RunOptions = {}): Promise<string> {
  const told: string[] = [];
  const onLog = ({ message }: { message: string }) => told.push(message);
  const run = await openRun(directory, { plugins: given, onLog, ...options });
  await run.resume();
  await run.close();
  return told.join('\n');
}

const table = (run: string, file = 'metrics.csv') => readFileSync(join(run, file), 'utf8');
const head = 'update,kind,name,value\n';
const ofUpdates = (text: string) => [
  ...new Set(
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => Number(row.split(',')[0])),
  ),
];

test('a resumed run goes on with its table, cut to what the checkpoint knows', async () => {
  const run = await stopped();
  writeFileSync(join(run, 'metrics.csv'), `${table(run)}5,more,than,1\n`);
  expect(await resumed(run)).not.toContain('begins anew');
  expect(ofUpdates(table(run))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(table(run)).not.toContain('more');
});

test.each<[string, (run: string) => void]>([
  ['lost', (run) => rmSync(join(run, 'metrics.csv'))],
  ['cut short', (run) => truncateSync(join(run, 'metrics.csv'), head.length)],
  ['another', (run) => writeFileSync(join(run, 'metrics.csv'), 'x'.repeat(9000))],
])('a table that is %s begins anew, and that is told', async (_, harm) => {
  const run = await stopped();
  harm(run);
  expect(await resumed(run)).toContain('metrics.csv lacks what was written before');
  expect(table(run).startsWith(head)).toBe(true);
  expect(ofUpdates(table(run))).toEqual([5, 6]);
});

test.each([false, true])('a table of another name (there: %s) begins anew', async (there) => {
  const run = await stopped();
  if (there) writeFileSync(join(run, 'other.csv'), '');
  await resumed(run, { set: { 'log.csv.file': 'other.csv' }, acceptChanges: true });
  expect(table(run, 'other.csv').startsWith(head)).toBe(true);
  expect(table(run, 'other.csv')).not.toContain('\0');
  expect(ofUpdates(table(run, 'other.csv'))).toEqual([5, 6]);
});
