import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { jobArguments, jobRequestSchema } from '../../lab/sweep/job.js';
import { makeSweepDirectory } from '../../lab/sweep/ledger.js';
import { inHost } from './host.js';
import { ncn, temporary, tinyIdx } from './support.js';

const plugin = `import { definePlugin, z } from 'ncn';
export default definePlugin({ name: 'mine', version: '1.0.0', summary: 'a test',
  options: z.strictObject({ size: z.number().default(3).describe('how big') }), setup() {} });`;

/** A folder with a configuration file, a plugin and a preset that are named by paths from there. */
function project(data: string, updates: number): string {
  const folder = temporary();
  writeFileSync(join(folder, 'mine.ts'), plugin);
  const preset = { name: 'own', summary: 's', extends: 'dcnn_v1', plugins: [] };
  writeFileSync(join(folder, 'own.json'), JSON.stringify(preset));
  configure(folder, data, updates);
  return folder;
}

function configure(folder: string, data: string, updates: number): void {
  const set = {
    ...{ updates, batch: 2, dataset: `idx:${data}`, engine: 'wasm', seed: 8, threads: 7 },
    ...{ 'generator.resconvnet.width': 2, 'generator.resconvnet.depth': 1 },
    ...{ 'evaluation.examples': 4, 'evaluation.testExamples': 4, 'evaluation.testBatch': 2 },
    // Of a plugin that the preset does not use: a file serves many.
    'discriminator.vanilla.width': 0.5,
  };
  const plugins = [{ plugin: './mine', options: { size: 4 } }];
  const file = { plugins, presets: ['./own.json'], profile: 'quick', set };
  writeFileSync(join(folder, 'ncn.config.json'), JSON.stringify(file));
}

const value = (run: string, path: string): unknown => {
  const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8')) as {
    profile: string;
    values: { path: string; value: unknown }[];
  };
  return config.values.find((one) => one.path === path)?.value;
};

let data: string;
beforeAll(() => {
  data = tinyIdx();
});

const planOf = async (args: readonly string[], folder: string) => {
  const planned = await inHost([...args, '--dry-run', '--json'], folder);
  expect(planned.stderr).toBe('');
  return JSON.parse(planned.stdout) as {
    directory: string;
    jobs: { updates: number; request: unknown }[];
  };
};

test('a configuration file is part of a sweep: of its plan, and of what its jobs are', async () => {
  const folder = project(data, 3);
  const sweep = ['sweep', '--presets', 'own'];
  const before = await planOf(sweep, folder);
  expect(before.jobs).toMatchObject([{ updates: 3, request: { profile: 'quick', seed: 8 } }]);
  configure(folder, data, 4);
  const after = await planOf(sweep, folder);
  expect(after.jobs).toMatchObject([{ updates: 4 }]);
  expect(after.directory).not.toBe(before.directory);
  // The command line is above it.
  const over = await planOf([...sweep, '--updates', '5', '--seeds', '2'], folder);
  expect(over.jobs.map(({ updates }) => updates)).toEqual([5, 5]);
}, 300_000);

test('a job is what it was when it was asked for: it reads no file where it is started', async () => {
  const folder = project(data, 3);
  const dir = join(folder, 'sweep');
  const { jobs } = await planOf(['sweep', '--presets', 'own', '--dir', dir], folder);
  const request = jobRequestSchema.parse(jobs[0]?.request);
  configure(folder, data, 9);
  const local = await inHost(['run', ...jobArguments(request), '--dry-run', '--json'], folder);
  expect(local.stdout).not.toContain('error');
  await makeSweepDirectory(dir);
  mkdirSync(join(dir, 'attempts'));
  const job = ['--job', '0001-own-8', '--token', 'ncn-1', '--request', JSON.stringify(request)];
  const worked = await ncn(['sweep', 'work', dir, ...job], folder);
  expect(worked.code, worked.stderr).toBe(0);
  const run = join(dir, '0001-own-8');
  expect(['updates', 'mine.size', 'seed'].map((path) => value(run, path))).toEqual([3, 4, 8]);
}, 300_000);

test('a study is of the profile that the file names, and its command says what the file does', async () => {
  const folder = project(data, 3);
  const dir = join(folder, 'study');
  const args = ['reproduce', '--presets', 'dcnn_v1', '--seeds', '1', '--batch', '1', '--dir', dir];
  expect((await inHost(args, folder)).stdout).toContain('1 of 1 done');
  const results = readFileSync(join(dir, 'report', 'results.md'), 'utf8');
  expect(results).toContain('ncn reproduce --profile quick --batch 1 --set mine.size=4');
  expect(results).toContain('--seeds 1 --presets dcnn_v1');
  expect(results).toContain('--set updates=3');
  expect(results).not.toContain('--set batch');
  // Nothing is told of a network that no run has.
  expect(results).not.toContain('discriminator width');
  expect(value(join(dir, '0001-dcnn_v1-1'), 'evaluation.testExamples')).toBe(4);
}, 300_000);
