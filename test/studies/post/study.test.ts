import { mkdir, mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSyntheticRun } from '../../../bench/synthetic-run.js';
import { reproduceCommand, settingsOf } from '../../../cli/reproduce.js';
import { PresetLibrary } from '../../../core/experiment/library.js';
import { importDefault, ModuleFolder } from '../../../core/modules/folder.js';
import { isStudy, type Study } from '../../../lab/study.js';
import type { JobRecord } from '../../../lab/sweep/events.js';
import { encodeGrey } from '../../../media/index.js';
import { resultsSchema } from '../../../studies/post/data.js';

const post = () => studyOf('post');

async function studyOf(name: string): Promise<Study> {
  const file = new ModuleFolder('studies').find(name) ?? '';
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

/** Of a sweep, all but its runs. */
const about = (settings: string, seeds: readonly number[]) => ({
  ...{ command: settings, settings, profile: 'quick', seeds },
});

const size = { updates: 40, metricsEvery: 10, evaluationEvery: 20, testExamples: 30 };

/** A run that is done, with a picture of one shade. */
async function finished(sweep: string, name: string, content: number): Promise<void> {
  const run = join(sweep, name);
  await writeSyntheticRun(run, size);
  const summary = { results: { 'test/content': content }, time: { secondsOfThisProcess: 1 } };
  await writeFile(join(run, 'summary.json'), JSON.stringify(summary));
  await mkdir(join(run, 'images'), { recursive: true });
  const data = new Float32Array(4).fill(content);
  const figure = encodeGrey({ width: 2, height: 2, data });
  await writeFile(join(run, 'images', 'figure.png'), figure);
}

test('its report is made of what the runs of a sweep wrote', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ncn-study-'));
  const run = join(directory, '0001-dcnn_v1-1');
  await writeSyntheticRun(run, size);
  const results = { 'test/content': 0.25, 'test/psnr': 'NaN', 'fixed/content': 0.5 };
  const summary = { results, time: { secondsOfThisProcess: 1 } };
  await writeFile(join(run, 'summary.json'), JSON.stringify(summary));
  const { report } = await post();
  const said = await report({
    directory,
    records: [job(1, '0001-dcnn_v1-1', 'done'), job(2, '0002-dcnn_v1-2', 'queued')],
    ...about('ncn reproduce --profile quick', [1, 2]),
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
    ...about('ncn reproduce --profile quick', [1]),
  });
  await expect(again).rejects.toMatchObject({ code: 'NCN_RUN_INVALID_JSON' });
});

test('kept numbers of a run whose folder is gone stay, and it is told', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ncn-study-'));
  const documents = join(directory, 'docs');
  const records = [job(1, 'one', 'done'), job(2, 'two', 'done')];
  const sweep = {
    directory,
    documents,
    records,
    ...about('ncn reproduce --profile quick', [1, 2]),
  };
  await finished(directory, 'one', 0.25);
  await finished(directory, 'two', 0.5);
  const { report } = await post();
  await report(sweep);
  const kept = () => readFile(join(documents, 'results', 'quick-seed-2.json'), 'utf8');
  const before = await kept();
  expect(before).toContain('"content": 0.5');
  await rename(join(directory, 'two'), join(directory, 'elsewhere'));
  const { missing } = await report(sweep);
  expect(missing[0]).toBe('dcnn_v1: seed 2 unknown (its folder is gone)');
  expect(await kept()).toBe(before);
});

test('each scale has figures of its own, of its first seed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-study-'));
  const documents = join(folder, 'docs');
  const { report } = await post();
  const add = async (settings: string, seed: number, content: number): Promise<void> => {
    const directory = join(folder, `${settings.length}-${seed}`);
    await finished(directory, 'run', content);
    const records = [job(seed, 'run', 'done')];
    await report({ directory, documents, records, ...about(settings, [seed]) });
  };
  const quick = 'ncn reproduce --profile quick';
  await add(quick, 2, 0.25);
  const file = join(documents, 'figures', 'dcnn_v1.png');
  const first = await readFile(file);
  await add(`${quick} --updates 30`, 1, 0.75);
  await add(quick, 3, 1);
  expect(await readFile(file)).toEqual(first);
  const page = await readFile(join(documents, 'results.md'), 'utf8');
  const shown = [...page.matchAll(/!\[dcnn_v1\]\((.*)\)/g)].map(([, path = '']) => path);
  expect(shown).toEqual([
    'figures/dcnn_v1.png',
    expect.stringMatching(/^figures\/quick-[0-9a-f]{8}\/dcnn_v1\.png$/),
  ]);
  const titles = [...page.matchAll(/^## The experiments, (.*)$/gm)].map(([, title]) => title);
  expect(titles).toEqual(['profile quick', 'profile quick (--updates 30)']);
  await add(quick, 1, 0);
  expect(await readFile(file)).not.toEqual(first);
});

test.each(['post', 'speech'])('pages of others stay as they are: %s', async (name) => {
  const directory = await mkdtemp(join(tmpdir(), 'ncn-study-'));
  const documents = join(directory, 'docs');
  await mkdir(documents);
  const own = { post: 'figures.md', speech: 'results-speech.md' }[name] ?? '';
  await writeFile(join(documents, own), '# My thesis\n');
  const settings = 'ncn reproduce --profile quick';
  const sweep = { directory, documents, records: [], ...about(settings, [1]) };
  const { report, expectOwnPages } = await studyOf(name);
  const refused = { code: 'NCN_REPORT_OVERWRITE' };
  await expect(expectOwnPages?.(documents)).rejects.toMatchObject(refused);
  await expect(report(sweep)).rejects.toMatchObject(refused);
  expect(await readdir(documents)).toEqual([own]);
  expect(await readFile(join(documents, own), 'utf8')).toBe('# My thesis\n');
  // One that is empty holds nothing that could be lost.
  await writeFile(join(documents, own), '\n');
  await report(sweep);
  await report(sweep);
  expect(await readFile(join(documents, own), 'utf8')).toMatch(/^# .*(figures|speech)/);
});

test('what a scale has in common is quoted, and is without seeds and presets', () => {
  const given = { seeds: '4, 7', presets: 'a, b', profile: 'quick', plugin: ["it's"] };
  expect(settingsOf(given, '')).toBe(String.raw`ncn reproduce --profile quick --plugin 'it'\''s'`);
  const set = ['a=1', 'b=[1, 2]'];
  expect(settingsOf({ profile: 'quick', updates: 3, set, scale: true }, 'speech')).toBe(
    "ncn reproduce speech --profile quick --updates 3 --set a=1 --set 'b=[1, 2]' --scale",
  );
});

test.each([
  [{ set: ['loss.content.weight=1,2'] }, 'NCN_USAGE_STUDY'],
  [{ seed: 5, seeds: '3' }, 'NCN_USAGE_COMMAND'],
  [{ reportOnly: true, dryRun: true }, 'NCN_USAGE_COMMAND'],
])('what makes no study is refused: %j', async (options, code) => {
  await expect(reproduceCommand({ ...options, dir: '/nowhere' }, '')).rejects.toMatchObject({
    code,
  });
});
