import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openExperiment, openRun, use } from '../../core/index.js';
import type { JsonObject } from '../../core/run/json.js';
import { plain, runFolder, tiny } from '../core/open/support.js';
import { webhook } from '../support/webhook.js';

/** Trains for an update. @returns the run's folder, and what was planned and logged */
async function train(
  options: JsonObject,
  set: JsonObject = {},
): Promise<[run: string, told: string]> {
  const directory = runFolder();
  const told: string[] = [];
  const experiment = await openExperiment(
    { ...tiny, updates: 1, plugins: [...tiny.plugins, use('log.webhook', options)] },
    { ...plain, set, onLog: ({ message }) => told.push(message) },
  );
  try {
    told.push(...(await experiment.plan()).lines);
    await experiment.train({ directory });
  } finally {
    await experiment.close();
  }
  return [directory, told.join('\n')];
}

const given = tiny.plugins.filter((one) => typeof one === 'object' && 'ncnPlugin' in one);

const filesOf = (run: string): string[] =>
  readdirSync(run, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

test('an address in an environment variable is posted to and stands in no file of the run', async () => {
  const { url, heard } = await webhook('secret-5b1f');
  vi.stubEnv('NCN_TEST_WEBHOOK', url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const [run, told] = await train({ url: 'env:NCN_TEST_WEBHOOK' });
  expect(heard).toMatchObject([{ event: 'end', update: 1 }]);
  expect(told).not.toContain('log.webhook.url is written');
  const files = filesOf(run);
  expect(files.filter((text) => text.includes('env:NCN_TEST_WEBHOOK'))).not.toHaveLength(0);
  expect(files.filter((text) => text.includes('secret-5b1f'))).toEqual([]);
  // It is read anew where the run goes on.
  const again = await openRun(run, { plugins: given, set: { updates: 2 } });
  await again.resume();
  await again.close();
  expect(heard).toMatchObject([{}, { event: 'end', update: 2 }]);
});

test('a variable without an address is told of and harms no run; an address itself is told to be written', async () => {
  const [, without] = await train({ url: 'env:NCN_TEST_WEBHOOK' });
  expect(without).toContain('the environment variable NCN_TEST_WEBHOOK holds no address');
  const [, open] = await train({ url: 'http://127.0.0.1:9/', events: [] });
  expect(open).toContain('log.webhook.url is written into the files of the run and its report');
  for (const url of ['ftp://there', 'https://me:secret@there/']) {
    await expect(train({ url })).rejects.toThrow(/https:\/\/….*, or env:NAME/);
  }
});

test('messages say which run they are of, and numbers that are none as its files do', async () => {
  const { url, heard } = await webhook('secret-5b1f');
  const events = ['start', 'evaluation', 'end'];
  const [directory] = await train({ url, events }, { 'optimizer.adam.learningRate': 1e38 });
  const about = { preset: 'small', seed: 1, directory };
  const evaluation = { event: 'evaluation', ...about };
  expect(heard).toMatchObject([
    { event: 'start', ...about, update: 0, resumed: false },
    { ...evaluation, update: 0, metrics: { content: expect.any(Number) as number } },
    { ...evaluation, update: 1 },
    { ...evaluation, name: 'test', metrics: { content: 'NaN' } },
    { event: 'end', ...about, summary: { 'test/content': 'NaN' } },
  ]);
});
