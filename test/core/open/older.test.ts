import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  definePlugin,
  openRun,
  z,
  type Experiment,
  type LogLine,
  type RunOptions,
} from '../../../core/index.js';
import { savedConfigSchema } from '../../../core/experiment/saved.js';
import { parseJson, type JsonValue } from '../../../core/run/json.js';
import { sealOf } from '../../../core/run/seal.js';
import { groupRuns } from '../../../lab/report/groups.js';
import { RunData } from '../../../lab/report/run-data.js';
import { RunSource } from '../../../lab/report/source.js';
import { logOf, newest, plain, stopped, tiny } from './support.js';

/** One with options that it did not always have. */
const grown = definePlugin({
  name: 'grown',
  version: '1.0.0',
  summary: 'for tests',
  options: z.strictObject({
    plain: z.number().default(7),
    better: z.string().default('new way').meta({ earlier: 'old way' }),
  }),
  setup() {},
});
const experiment = { ...tiny, plugins: [...tiny.plugins, grown] };
const old = { ...plain, set: { 'grown.better': 'old way' } };
/** Options of core and plugins that the version of before did not have. */
const newer = ['startSeed', 'grown.plain', 'grown.better', 'optimizer.adam.beta1'];

const open: Experiment[] = [];
afterAll(() => Promise.all(open.map((one) => one.close())));

const plugins = experiment.plugins.filter((one) => typeof one === 'object' && 'ncnPlugin' in one);

const made = (after?: number): Promise<string> => stopped(after, experiment, old);

async function reopen(directory: string, options: RunOptions = {}) {
  const lines: LogLine[] = [];
  const run = await openRun(directory, { plugins, ...options, onLog: (line) => lines.push(line) });
  open.push(run);
  return { run, said: () => lines.map(({ message }) => message).join('\n') };
}

const configOf = (run: string) =>
  savedConfigSchema.parse(parseJson(readFileSync(join(run, 'config.json'), 'utf8')));

function setValue(run: string, path: string, value: JsonValue | undefined): void {
  const config = configOf(run);
  const values = config.values.flatMap((entry) =>
    entry.path !== path ? [entry] : value === undefined ? [] : [{ ...entry, value }],
  );
  writeFileSync(join(run, 'config.json'), JSON.stringify({ ...config, values }));
}

const indexSchema = z.looseObject({
  configuration: z.looseObject({ values: z.record(z.string(), z.json()) }),
});

/** As a version would have written it that did not know these options. */
async function asBefore(run: string): Promise<void> {
  for (const path of newer) setValue(run, path, undefined);
  const file = join((await newest(run)).path, 'checkpoint.json');
  const index = indexSchema.parse(parseJson(readFileSync(file, 'utf8')));
  const kept = Object.entries(index.configuration.values).filter(([path]) => !newer.includes(path));
  const configuration = sealOf(Object.fromEntries(kept));
  writeFileSync(file, JSON.stringify({ ...index, configuration }));
}

test('a run that lacks newer options is resumed as it was trained, and keeps its seal', async () => {
  const finished = await made();
  const run = await made(3);
  await asBefore(run);
  const paths = configOf(run).values.map(({ path }) => path);
  for (const path of newer) expect(paths).not.toContain(path);
  // What it is refused for names what changes, and nothing else.
  const changed = { set: { 'loss.content.weight': 2, startSeed: null, 'grown.better': 'old way' } };
  const refused = await (await reopen(run, changed)).run.resume().catch(String);
  expect(refused).toContain('loss.content.weight: 1 → 2');
  for (const path of newer) expect(refused).not.toContain(path);
  await expect((await reopen(run, { set: { startSeed: 4 } })).run.resume()).rejects.toMatchObject({
    code: 'NCN_RESUME_CHANGED',
    message: expect.stringMatching(/:\n {2}startSeed: null → 4$/) as string,
  });
  // An edited value is seen all the same, and so is one that was taken out.
  const text = readFileSync(join(run, 'config.json'), 'utf8');
  for (const value of [0.5, undefined]) {
    setValue(run, 'optimizer.adam.learningRate', value);
    await expect((await reopen(run)).run.resume()).rejects.toMatchObject({
      code: 'NCN_RUN_CONFIG_EDITED',
      message: expect.stringMatching(
        /:\n {2}optimizer\.adam\.learningRate: 0\.001 → [^\n]*$/,
      ) as string,
    });
  }
  writeFileSync(join(run, 'config.json'), text);
  expect(await (await reopen(run)).run.replay(3)).toBeDefined();
  const stop = new AbortController();
  const first = await reopen(run);
  await first.run.resume({ signal: stop.signal, onUpdate: () => stop.abort() });
  expect(first.said()).toContain('newer than the run');
  expect(first.said()).toContain('grown.better "old way"');
  const value = (wanted: string) => configOf(run).values.find(({ path }) => path === wanted)?.value;
  expect(newer.map(value)).toEqual([null, 7, 'old way', 0.9]);
  expect(configOf(run).changes).toEqual([]);
  // From then on they are its own, and it is told once.
  const second = await reopen(run);
  expect(await second.run.resume()).toMatchObject({ outcome: 'finished', update: 6 });
  expect(second.said()).not.toContain('newer than the run');
  expect(logOf(run)).toBe(logOf(finished));
  expect((await newest(run)).contentHash).toBe((await newest(finished)).contentHash);
});

test('a finished run of before is used, made longer, and counts as the same experiment', async () => {
  const [one, other] = [await made(), await made()];
  await asBefore(one);
  expect((await (await reopen(one)).run.resume()).update).toBe(6);
  expect((await (await reopen(one)).run.evaluate()).about.update).toBe(6);
  const dataOf = (run: string) => RunData.open(new RunSource(run, 'run'));
  const { groups, differences } = groupRuns([await dataOf(one), await dataOf(other)]);
  expect(differences.map(({ path }) => path)).toEqual(['grown.better']);
  expect(groups).toHaveLength(2);
  for (const run of [one, other]) {
    await (await reopen(run, { updates: 8 })).run.resume();
    const change = { update: 6, extends: true, values: [{ path: 'updates', before: 6, after: 8 }] };
    expect(configOf(run).changes).toEqual([change]);
  }
  expect(groupRuns([await dataOf(one), await dataOf(other)]).groups).toHaveLength(1);
  expect((await newest(one)).contentHash).toBe((await newest(other)).contentHash);
});
