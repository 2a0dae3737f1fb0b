import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSyntheticRun } from '../../../bench/synthetic-run.js';
import { reproduceCommand } from '../../../cli/reproduce.js';
import { PresetLibrary } from '../../../core/experiment/library.js';
import { importDefault, ModuleFolder } from '../../../core/modules/folder.js';
import { isStudy, type Study } from '../../../lab/study.js';
import type { JobRecord } from '../../../lab/sweep/events.js';
import { resultsSchema } from '../../../studies/post/data.js';

async function post(): Promise<Study> {
  const file = new ModuleFolder('studies').find('post') ?? '';
  const found = await importDefault(file);
  if (!isStudy(found)) throw new Error(`${file} is no study`);
  return found;
}

test('the study is found by its folder, and all of its presets are there', async () => {
  const { experiments } = await post();
  const known = (await PresetLibrary.load()).list().map(({ name }) => name);
  expect(experiments).toHaveLength(16);
  for (const preset of experiments) expect(known).toContain(preset);
});

test('a study that is not there is an error with the nearest name', async () => {
  for (const name of ['posts', 'post.claims', '../post']) {
    await expect(reproduceCommand({}, name), name).rejects.toMatchObject({
      code: 'NCN_USAGE_STUDY',
      hint: expect.stringMatching(/post/) as string,
    });
  }
});

test('a study is named once', async () => {
  await expect(reproduceCommand({ study: 'speech' }, 'post')).rejects.toMatchObject({
    code: 'NCN_USAGE_STUDY',
    message: expect.stringContaining("'post'") as string,
  });
  // With the option as without it.
  await expect(reproduceCommand({ study: 'posts' }, '')).rejects.toThrow(
    "There is no study 'posts'",
  );
});

const job = (number: number, name: string, state: JobRecord['state']): JobRecord => ({
  job: {
    number,
    name,
    request: {
      preset: 'dcnn_v1',
      seed: number,
      profile: 'quick',
      variant: null,
      plugins: [],
      without: [],
      set: [],
    },
    updates: 40,
    work: 1,
  },
  state,
  reason: null,
  starts: 1,
  seconds: 0,
  submission: null,
  device: null,
  launcher: null,
  handle: null,
  heartbeat: null,
  since: '2026-01-01T00:00:00.000Z',
});

test('its report is made of what the runs of a sweep wrote', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ncn-study-'));
  const run = join(directory, '0001-dcnn_v1-1');
  const about = { updates: 40, metricsEvery: 10, evaluationEvery: 20, testExamples: 30 };
  await writeSyntheticRun(run, about);
  const results = { 'test/content': 0.25, 'test/psnr': 'NaN', 'fixed/content': 0.5 };
  const summary = { results, time: { secondsOfThisProcess: 1 } };
  await writeFile(join(run, 'summary.json'), JSON.stringify(summary));
  const { report } = await post();
  const said = await report({
    directory,
    records: [job(1, '0001-dcnn_v1-1', 'done'), job(2, '0002-dcnn_v1-2', 'queued')],
    command: 'ncn reproduce',
    profile: 'quick',
    seeds: [1, 2],
  });
  expect(said.missing[0]).toBe('dcnn_v1: seed 2 queued');
  expect(said.missing).toHaveLength(16);
  expect(said.tables[0]?.rows[0]).toContain('0.2500');
  const file = join(directory, 'report', 'results.json');
  const { runs } = resultsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  expect(runs.map(({ state }) => state)).toEqual(['done', 'queued']);
  // A number that is none is left out, and so is what another evaluation said.
  expect(runs[0]?.test).toEqual({ content: 0.25 });
  expect(runs[0]?.conditions).toMatchObject({ trainImages: 60_000, testImages: 30 });
  expect(Object.keys(runs[0]?.start ?? {})).toContain('collapseRate');
  await writeFile(join(run, 'summary.json'), '{');
  const again = report({
    directory,
    records: [job(1, '0001-dcnn_v1-1', 'done')],
    command: 'ncn reproduce',
    profile: 'quick',
    seeds: [1],
  });
  await expect(again).rejects.toMatchObject({ code: 'NCN_RUN_INVALID_JSON' });
});
