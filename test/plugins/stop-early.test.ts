import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { definePlugin, openExperiment, openRun, use, z } from '../../core/index.js';
import { plain, runFolder, tiny } from '../core/open/support.js';
import { pluginOf } from '../support/plugin.js';

const source = `
import { definePlugin, filePath, z } from 'ncn';
export default definePlugin({
  name: 'beside', version: '1.0.0', summary: 'for tests',
  options: z.strictObject({ file: filePath() }), setup() {},
});
`;

const given = tiny.plugins.filter((one) => typeof one === 'object' && 'ncnPlugin' in one);
const early = use('stop.early', { metric: 'mse' });

test('what was best is found with its plugins and files where the project was moved', async () => {
  const root = mkdtempSync(join(tmpdir(), 'ncn-early-'));
  const [project, moved] = [join(root, 'project'), join(root, 'moved')];
  mkdirSync(project);
  writeFileSync(join(project, 'beside.ts'), source);
  writeFileSync(join(project, 'notes.txt'), 'notes');
  const experiment = await openExperiment(
    { ...tiny, plugins: [...tiny.plugins, join(project, 'beside.ts'), early] },
    { ...plain, set: { 'beside.file': join(project, 'notes.txt') } },
  );
  await experiment.train({ directory: join(project, 'runs/one') });
  await experiment.close();
  renameSync(project, moved);
  const best = await openRun(join(moved, 'runs/one/best'), { plugins: given });
  expect(best.values.find(({ path }) => path === 'beside.file')?.value).toBe(
    join(moved, 'notes.txt'),
  );
  const { update } = aboutOf(join(moved, 'runs/one'));
  expect((await best.evaluate()).about.update).toBe(update);
  await best.close();
});

const aboutOf = (run: string) =>
  z
    .object({ update: z.int(), value: z.number() })
    .parse(JSON.parse(readFileSync(join(run, 'best.json'), 'utf8')));

test('what was best is copied on resume where a run ended before it could be', async () => {
  let failing = true;
  const failsOnce = definePlugin({
    name: 'ends',
    version: '1.0.0',
    summary: 'for tests',
    options: z.strictObject({}),
    setup({ hooks }) {
      hooks.checkpointSaved.tap(
        ({ update }) => {
          if (failing && update === 3) throw new Error('power cut');
        },
        { stage: 'first' },
      );
    },
  });
  const run = runFolder();
  // A metric that is best at update 3.
  const metric = definePlugin({
    name: 'counted',
    version: '1.0.0',
    summary: 'for tests',
    options: z.strictObject({}),
    setup({ hooks }) {
      hooks.evaluationEnd.tap(
        ({ update, result }) => {
          Object.assign(result, { metrics: new Map([['mse', Math.abs(update - 3)]]) });
        },
        { stage: 'first' },
      );
    },
  });
  const plugins = [...tiny.plugins, metric, failsOnce, early];
  const experiment = await openExperiment({ ...tiny, plugins }, plain);
  await expect(experiment.train({ directory: run })).rejects.toThrow('power cut');
  await experiment.close();
  expect(aboutOf(run)).toEqual({ update: 0, value: 3 });
  failing = false;
  const opened = await openRun(run, { plugins: [...given, metric, failsOnce] });
  await opened.resume();
  await opened.close();
  expect(aboutOf(run)).toEqual({ update: 3, value: 0 });
  expect(existsSync(join(run, 'best/checkpoints/update-000000003'))).toBe(true);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['evaluation', { evaluation: 'fixd' }, /stop\.early\.evaluation.*Did you mean 'fixed'/],
  ['metric', { metric: 'mze' }, /stop\.early\.metric.*Did you mean 'mse'/],
])('a %s that there is not is refused before anything is written', async (_, options, told) => {
  const plugins = [...tiny.plugins, use('stop.early', options)];
  const experiment = await openExperiment({ ...tiny, plugins }, plain);
  const run = runFolder();
  const training = experiment.train({ directory: run });
  await expect(training).rejects.toMatchObject({ code: 'NCN_CONFIG_VALUE' });
  await expect(training).rejects.toThrow(told);
  await experiment.close();
  expect(existsSync(run)).toBe(false);
});

test('it counts in the last phase, and anew where a run that it stopped is made longer', async () => {
  // It gets worse all the time.
  const worse = pluginOf(({ hooks }) => {
    hooks.evaluationEnd.tap(
      ({ update, result }) => {
        Object.assign(result, { metrics: new Map([['mse', update]]) });
      },
      { stage: 'first' },
    );
  }, 'worse');
  const early = use('stop.early', { metric: 'mse', patience: 2, keepBest: false });
  const before = use('pretraining', { updates: 3 });
  const experiment = await openExperiment(
    { ...tiny, plugins: [...tiny.plugins, before, worse, early] },
    { ...plain, set: { 'evaluation.every': 1, updates: 10 } },
  );
  const run = runFolder();
  const { results } = await experiment.train({ directory: run });
  await experiment.close();
  // The best value is that with which the phase begins.
  expect(results.get('best/update')).toBe(3);
  const why = 'mse has not become better for 2 evaluations; best: 3.0000 at update 3';
  expect(results.get('stopped')).toBe(why);
  const longer = await openRun(run, { plugins: [...given, worse], set: { updates: 12 } });
  const ended = await longer.resume();
  await longer.close();
  expect(ended.update).toBe(7);
  expect(ended.results.get('stopped')).toBe(why);
});
