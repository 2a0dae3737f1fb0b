import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openExperiment, openRun, use, z, type RunOptions } from '../../core/index.js';
import { logOf, plain, runFolder, tiny } from '../core/open/support.js';
import { pluginOf } from '../support/plugin.js';

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

const logged = z.object({
  type: z.string(),
  update: z.number(),
  phase: z.string().optional(),
  metrics: z.record(z.string(), z.number()).default({}),
});

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

/** Runs pre-training of 3 updates and 6 more. @param stopAfter where a plugin ends it @param abortAt where a signal does */
async function inPhases({ stopAfter = NaN, abortAt = NaN }) {
  const stops = pluginOf(({ hooks }) => {
    hooks.updateEnd.tap(({ update, control }) => {
      if (update === stopAfter) control.stop('enough');
    });
  }, 'stops');
  const directory = runFolder();
  const plugins = [...tiny.plugins, use('pretraining', { updates: 3 }), stops];
  const experiment = await openExperiment(
    { ...tiny, plugins: [...plugins, use('log.csv', { every: 4 })] },
    { ...plain, set: { 'metrics.every': 4 } },
  );
  const stop = new AbortController();
  const losses: number[] = [];
  await experiment.train({
    directory,
    signal: stop.signal,
    onUpdate: ({ update, metrics }) => {
      losses.push(metrics.get('generator/loss') ?? NaN);
      if (update === abortAt) stop.abort();
    },
  });
  await experiment.close();
  if (!Number.isNaN(abortAt)) {
    const run = await openRun(directory, { plugins: [...given, stops] });
    await run.resume();
    await run.close();
  }
  return { directory, losses };
}

test.each<[string, object, (readonly [number, string, number, number])[]]>([
  [
    'each phase',
    {},
    [
      [3, 'pretraining', 0, 3],
      [4, 'main', 3, 4],
      [8, 'main', 4, 8],
      [9, 'main', 8, 9],
    ],
  ],
  [
    'a run that is stopped',
    { stopAfter: 6 },
    [
      [3, 'pretraining', 0, 3],
      [4, 'main', 3, 4],
      [6, 'main', 4, 6],
    ],
  ],
])('the end of %s has a mean of its own, in both logs', async (_, given, windows) => {
  const { directory, losses } = await inPhases(given);
  const rows = table(directory)
    .split('\n')
    .map((row) => row.split(','))
    .filter(([, , name]) => name === 'generator/loss');
  const lines = logOf(directory)
    .trim()
    .split('\n')
    .map((line) => logged.parse(JSON.parse(line)))
    .filter(({ type }) => type === 'update');
  expect(rows.map(([update, kind]) => [Number(update), kind])).toEqual(
    windows.map(([update, kind]) => [update, kind]),
  );
  expect(lines.map(({ update, phase }) => [update, phase])).toEqual(
    windows.map(([update, kind]) => [update, kind]),
  );
  for (const [i, [, , from, to]] of windows.entries()) {
    const own = losses.slice(from, to);
    const mean = own.reduce((sum, x) => sum + x, 0) / own.length;
    expect(Number(rows[i]?.[3])).toBeCloseTo(mean, 12);
    expect(lines[i]?.metrics['generator/loss']).toBeCloseTo(mean, 12);
  }
});

test('these are the same where a run was stopped and resumed', async () => {
  const whole = await inPhases({});
  for (const abortAt of [3, 6]) {
    const { directory } = await inPhases({ abortAt });
    expect(table(directory)).toBe(table(whole.directory));
    expect(logOf(directory)).toBe(logOf(whole.directory));
  }
});
