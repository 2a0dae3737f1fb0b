import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openExperiment,
  openRun,
  type Experiment,
  type Metrics,
  type RunOptions,
} from '../../../core/index.js';
import { parseJson } from '../../../core/run/json.js';
import { groupRuns } from '../../../lab/report/groups.js';
import { RunData } from '../../../lab/report/run-data.js';
import { runModel } from '../../../lab/report/run-model.js';
import { inPage } from '../../../lab/report/samples.js';
import { RunSource } from '../../../lab/report/source.js';
import {
  configOf,
  logOf,
  manifestOf,
  newest,
  ownPlugins,
  plain,
  resume,
  runFolder,
  stopped,
  tiny,
  valueOf,
} from './support.js';

const finished = runFolder();
const longer = runFolder();
const metrics = new Map<number, Metrics>();

beforeAll(async () => {
  for (const [directory, updates] of [
    [finished, 6],
    [longer, 8],
  ] as const) {
    const experiment = await openExperiment(tiny, { ...plain, updates });
    await experiment.train({ directory, onUpdate: (e) => metrics.set(e.update, e.metrics) });
    await experiment.close();
  }
});

const open: Experiment[] = [];
afterAll(() => Promise.all(open.map((experiment) => experiment.close())));

/** Opens a copy of a run, or the run itself. */
async function reopen(directory: string, options: RunOptions = {}): Promise<Experiment> {
  const run = await openRun(directory, { plugins: ownPlugins, ...options });
  open.push(run);
  return run;
}

function copyOf(directory: string): string {
  const copy = runFolder();
  cpSync(directory, copy, { recursive: true });
  return copy;
}

const dataOf = (run: string) => RunData.open(new RunSource(run, 'run'));

test('a finished run is extended, and ends as one of that length from the start', async () => {
  const run = copyOf(finished);
  const { result, warnings } = await resume(run, { updates: 8 });
  expect(result).toMatchObject({ outcome: 'finished', update: 8 });
  expect(warnings).toContain('longer after update 6: updates 6 → 8');
  const [here, there] = [await newest(run), await newest(longer)];
  expect(here.update).toBe(8);
  expect(here.tensors).toEqual(there.tensors);
  expect(result.results.get('test/content')).toBe(
    (await (await reopen(longer)).resume()).results.get('test/content'),
  );
  // It is in the record, and the run is still the same experiment as one of that length.
  const change = { update: 6, extends: true, values: [{ path: 'updates', before: 6, after: 8 }] };
  expect(configOf(run).changes).toEqual([change]);
  expect(valueOf(run, 'updates')).toBe(8);
  expect(manifestOf(run)).toMatchObject({ changes: [change], phases: [{ updates: 8 }] });
  expect(logOf(run)).toContain('{"type":"change","update":6,"values":[{"after":8,"before":6');
  expect(groupRuns([await dataOf(run), await dataOf(longer)]).groups).toHaveLength(1);
  // An update of before is replayed as it was.
  expect(await (await reopen(run)).replay(5)).toEqual(metrics.get(5));
  expect((await resume(run)).result).toMatchObject({ outcome: 'finished', update: 8 });
});

test('an accepted change holds from then on, is recorded, and makes another experiment', async () => {
  const run = await stopped(3);
  await expect(resume(run, { set: { 'loss.content.weight': 2 } })).rejects.toMatchObject({
    code: 'NCN_RESUME_CHANGED',
  });
  const halt = new AbortController();
  const { warnings } = await resume(
    run,
    { set: { 'loss.content.weight': 2 }, acceptChanges: true },
    { signal: halt.signal, onUpdate: () => halt.abort() },
  );
  expect(warnings).toContain('from update 3 on another experiment: loss.content.weight 1 → 2');
  expect((await resume(run)).result).toMatchObject({ outcome: 'finished', update: 6 });
  expect(valueOf(run, 'loss.content.weight')).toBe(2);
  const change = {
    update: 3,
    extends: false,
    values: [{ path: 'loss.content.weight', before: 1, after: 2 }],
  };
  expect(configOf(run).changes).toEqual([change]);
  expect(manifestOf(run).changes).toEqual([change]);
  expect(logOf(run).match(/"type":"change"/g)).toHaveLength(1);
  const data = await dataOf(run);
  const { groups, differences } = groupRuns([data, await dataOf(finished)]);
  expect(groups).toHaveLength(2);
  expect(differences.map(({ path }) => path)).toContain('changed on resume');
  const { headline } = await runModel(data, inPage, 0);
  expect(headline).toContainEqual(['Changed after update 3', 'loss.content.weight 1 → 2']);
  expect(await (await reopen(run)).replay(3)).toEqual(metrics.get(3));
});

test('a change is accepted once, though the process died before it was trained with', async () => {
  const run = await stopped(3);
  const halt = new AbortController();
  halt.abort();
  const changes = { set: { 'loss.content.weight': 2 }, acceptChanges: true };
  await resume(run, changes, { signal: halt.signal });
  const once = copyOf(run);
  // As if the checkpoint had not been written.
  const old = await stopped(3);
  rmSync(join(run, 'checkpoints'), { recursive: true });
  cpSync(join(old, 'checkpoints'), join(run, 'checkpoints'), { recursive: true });
  cpSync(join(old, 'metrics.jsonl'), join(run, 'metrics.jsonl'));
  for (const one of [run, once]) {
    await resume(one);
    expect(configOf(one).changes).toMatchObject([{ update: 3 }]);
    expect(logOf(one).match(/"type":"change"/g)).toHaveLength(1);
  }
  expect((await newest(run)).contentHash).toBe((await newest(once)).contentHash);
});

test('changes that leave nothing to train, or change what is over, are refused', async () => {
  const accept = { acceptChanges: true };
  const refusal = { code: 'NCN_RESUME_PHASES' };
  const set = { 'loss.content.weight': 2 };
  await expect(resume(finished, { set, ...accept })).rejects.toMatchObject(refusal);
  await expect(resume(finished, { updates: 4, ...accept })).rejects.toMatchObject(refusal);
  expect(configOf(finished).changes).toEqual([]);
  expect((await resume(finished, accept)).result).toMatchObject({ outcome: 'finished', update: 6 });
});

test('an edited configuration is refused, and the message says which value', async () => {
  const run = await stopped(3);
  const file = join(run, 'config.json');
  const text = readFileSync(file, 'utf8');
  const edited = text.replace('"value": 0.001', '"value": 0.002');
  expect(edited).not.toBe(text);
  writeFileSync(file, edited);
  const refusal = { code: 'NCN_RUN_CONFIG_EDITED', exit: 7 };
  const message = expect.stringContaining('optimizer.adam.learningRate: 0.001 → 0.002') as string;
  await expect(resume(run)).rejects.toMatchObject({ ...refusal, message });
  await expect((await reopen(run)).evaluate()).rejects.toMatchObject(refusal);
  await expect((await reopen(run)).replay(3)).rejects.toMatchObject(refusal);
  writeFileSync(file, text);
  await resume(run);
  expect((await newest(run)).contentHash).toBe((await newest(finished)).contentHash);
});

test('a log that was cut or changed is found before training, and there is a way on', async () => {
  const cut = await stopped(5);
  truncateSync(join(cut, 'metrics.jsonl'), logOf(cut).indexOf('"update":5') - 20);
  const { warnings } = await resume(cut);
  expect(warnings).toMatch(/metrics\.jsonl has \d+ bytes .*\nUsing the checkpoint of update 4/);
  expect(logOf(cut)).toBe(logOf(finished));
  expect((await newest(cut)).contentHash).toBe((await newest(finished)).contentHash);

  for (const harm of ['early line', 'missing'] as const) {
    const run = await stopped(5);
    const file = join(run, 'metrics.jsonl');
    if (harm === 'missing') rmSync(file);
    else writeFileSync(file, logOf(run).replace('{', '['));
    const { result, warnings: told } = await resume(run);
    expect(told).toMatch(/is missing|lines were changed/);
    expect(told).toContain('the run goes on after update 5');
    expect(result).toMatchObject({ outcome: 'finished', update: 6 });
    expect((await newest(run)).tensors).toEqual((await newest(finished)).tensors);
    expect(logOf(run)).toContain('{"type":"gap","update":5}');
    expect((await dataOf(run)).problems.join()).toContain('lines of before update 5 were lost');
  }
});

test('runs of before are read: no seal, no hash, no changes', async () => {
  const run = await stopped(3);
  const { path } = await newest(run);
  const file = join(path, 'checkpoint.json');
  const index = parseJson(readFileSync(file, 'utf8'));
  if (typeof index !== 'object' || index === null) throw new Error('no object');
  const { configuration, metrics: log, ...old } = index as Record<string, unknown>;
  expect([configuration, log]).not.toContain(undefined);
  writeFileSync(file, JSON.stringify(old));
  const config = configOf(run);
  const { format, preset, profile, variant, plugins: used, values } = config;
  const saved = { format, preset, profile, variant, plugins: used, values };
  writeFileSync(join(run, 'config.json'), JSON.stringify(saved));
  expect((await resume(run)).result).toMatchObject({ outcome: 'finished', update: 6 });
  expect((await newest(run)).contentHash).toBe((await newest(finished)).contentHash);
});

test('the page of a finished run with a shortened log says so, and shows what came out', async () => {
  const run = copyOf(finished);
  const text = logOf(run);
  truncateSync(join(run, 'metrics.jsonl'), text.indexOf('\n', text.indexOf('"update":3')) + 1);
  const data = await dataOf(run);
  const { results, problems } = await runModel(data, inPage, 0);
  expect(problems.join('\n')).toMatch(/metrics\.jsonl, .* summary\.json/);
  const test = results.find(({ evaluation }) => evaluation === 'test');
  const summary = parseJson(readFileSync(join(run, 'summary.json'), 'utf8'));
  expect(test?.update).toBe(6);
  const shown = test?.rows.find(({ metric }) => metric.name === 'content')?.moving;
  expect(summary).toMatchObject({ results: { 'test/content': shown } });
});
