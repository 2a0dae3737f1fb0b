import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { RunDirectory } from '../../../core/run/directory.js';
import { refusal, scratch } from './helpers.js';

const root = await scratch();
const now = new Date(2026, 0, 2, 3, 4, 5);

test('a name tells date, preset and seed, and is never used twice', async () => {
  const runs = join(root, 'deep', 'runs');
  const made = await Promise.all(
    Array.from({ length: 4 }, () => RunDirectory.create(runs, 'dcnn_v1', 42, now)),
  );
  const name = '20260102-030405-dcnn_v1-42';
  expect(made.map((run) => run.name).sort()).toEqual([name, `${name}-2`, `${name}-3`, `${name}-4`]);
  expect((await readdir(join(runs, name))).sort()).toEqual(['checkpoints', 'images']);
  const odd = await RunDirectory.create(runs, './my presets/a b.ts', 1, now);
  expect(odd.name).toBe('20260102-030405-a_b-1');
});

test('a folder that the user names must be empty', async () => {
  const run = await RunDirectory.createAt(join(root, 'mine', 'first'));
  expect(run.checkpoints).toBe(join(root, 'mine', 'first', 'checkpoints'));
  const full = await refusal(() => RunDirectory.createAt(join(root, 'mine')));
  expect(full.code).toBe('NCN_RUN_NOT_EMPTY');
  await writeFile(join(root, 'a-file'), '');
  const file = await refusal(() => RunDirectory.createAt(join(root, 'a-file')));
  expect(file.code).toBe('NCN_RUN_NOT_A_RUN');
  for (const make of [
    () => RunDirectory.createAt(join(root, 'a-file', 'run')),
    () => RunDirectory.create(join(root, 'a-file', 'runs'), 'p', 1, now),
  ]) {
    expect((await refusal(make)).code).toBe('NCN_RUN_NOT_A_DIRECTORY');
  }
});

test('a run is opened by path or by name; anything else is explained', async () => {
  const runs = join(root, 'open');
  const run = await RunDirectory.create(runs, 'dcgans_v1', 7, now);
  const bare = await refusal(() => RunDirectory.open(run.path));
  expect(bare.code).toBe('NCN_RUN_NOT_A_RUN');
  expect(bare.message).toContain('no manifest.json');

  await run.writeJson('manifest.json', { preset: 'dcgans_v1' });
  expect((await RunDirectory.open(run.path)).path).toBe(run.path);
  expect((await RunDirectory.open(run.name, runs)).path).toBe(run.path);

  const typo = await refusal(() => RunDirectory.open(run.name.replace('dcgans', 'dcgan'), runs));
  expect(typo.code).toBe('NCN_RUN_NOT_FOUND');
  expect(typo.hint).toBe(`Did you mean '${run.name}'?`);
  expect(typo.message).toContain(runs);
  const parent = await refusal(() => RunDirectory.open(runs));
  expect(parent.hint).toContain(run.name);
  expect((await refusal(() => RunDirectory.open(run.manifest))).message).toContain('it is a file');
});

test('JSON files are readable, checked, and replaced whole', async () => {
  const run = await RunDirectory.createAt(join(root, 'json'));
  await run.writeJson('config.json', { seed: 1, b: [0.1], a: null });
  expect(await readFile(run.config, 'utf8')).toMatch(/^{\n {2}"seed": 1,\n/);
  expect(await run.readJson('config.json')).toEqual({ seed: 1, b: [0.1], a: null });
  expect(await run.readJson('config.json', z.looseObject({ seed: z.int() }))).toMatchObject({
    seed: 1,
  });

  const wrong = await refusal(() => run.readJson('config.json', z.object({ seed: z.string() })));
  expect(wrong.code).toBe('NCN_RUN_INVALID_JSON');
  expect(wrong.message).toContain("'seed'");
  await writeFile(run.config, '{');
  expect((await refusal(() => run.readJson('config.json'))).code).toBe('NCN_RUN_INVALID_JSON');
  expect((await refusal(() => run.readJson('summary.json'))).code).toBe('NCN_RUN_MISSING');
});

test('the status is told and replaced', async () => {
  const run = await RunDirectory.createAt(join(root, 'status'));
  expect(await run.readStatus()).toBeUndefined();
  await run.writeStatus({ state: 'running', time: now.toISOString() });
  const failed = {
    state: 'failed',
    time: now.toISOString(),
    update: 12,
    exitCode: 6,
    message: 'NaN',
  } as const;
  await run.writeStatus(failed);
  expect(await run.readStatus()).toEqual(failed);
});

test('taking the lock clears what a dead process left half-written', async () => {
  const run = await RunDirectory.createAt(join(root, 'lock'));
  await mkdir(join(run.path, '.tmp-summary.json-0123456789abcdef'));
  const lock = await run.lock(() => undefined);
  expect((await readdir(run.path)).sort()).toEqual(['checkpoints', 'images', 'lock.json']);
  await lock.release();
});

test('the run in a folder is found without a look at its neighbours', async () => {
  expect(await RunDirectory.at(join(root, 'at', 'none'))).toBeUndefined();
  const made = await RunDirectory.createAt(join(root, 'at', 'run'));
  expect(await RunDirectory.at(made.path)).toBeUndefined();
  await made.writeJson('manifest.json', {});
  expect((await RunDirectory.at(made.path))?.path).toBe(made.path);
  await writeFile(join(root, 'at', 'file'), '');
  expect(await RunDirectory.at(join(root, 'at', 'file'))).toBeUndefined();
});

test.each(['images', 'checkpoints'])(
  'a run whose process ended when only its folder %s was made can begin again',
  async (made) => {
    const path = join(root, `only-${made}`);
    await mkdir(join(path, made), { recursive: true });
    const unbegun = await refusal(() => RunDirectory.open(path));
    expect(unbegun.message).toContain('it was stopped before it began');
    expect((await RunDirectory.createAt(path)).path).toBe(path);

    const used = join(root, `used-${made}`);
    await mkdir(join(used, made), { recursive: true });
    await writeFile(join(used, made, 'mine'), '');
    expect((await refusal(() => RunDirectory.createAt(used))).code).toBe('NCN_RUN_NOT_EMPTY');
  },
);
