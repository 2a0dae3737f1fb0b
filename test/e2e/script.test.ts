import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporary } from './support.js';

const root = resolve(import.meta.dirname, '../..');

test('the example script trains, evaluates and denoises, and ends by itself', () => {
  const source = readFileSync(join(root, 'examples/script.ts'), 'utf8');
  expect([...source.matchAll(/from '(.*)'/g)].map(([, name]) => name)).toEqual(['ncn']);
  const cwd = temporary();
  const jiti = join(root, 'node_modules/jiti/lib/jiti-cli.mjs');
  const args = [jiti, join(root, 'examples/script.ts')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    '0',
    '20',
    '40',
    '60',
    '60',
    'denoised',
  ]);
  expect(lines.at(-1)).toBe('denoised [ 28, 28, 1 ]');
  const contentOf = (line: string | undefined): number => Number(line?.split(' ')[1]);
  expect(contentOf(lines[4])).toBeLessThan(contentOf(lines[0]));
  expect(readdirSync(join(cwd, 'runs'))).toHaveLength(1);
});

/** Imports two copies of ncn into one process and trains with each, one after the other and at once. */
const twice = `
const folders = process.argv.slice(1);
const copies = await Promise.all(folders.map((folder) => import(folder + '/dist/core/index.js')));
const train = async ({ openExperiment, use }, directory) => {
  const experiment = await openExperiment({
    updates: 4,
    batch: 2,
    plugins: [
      'image.data', 'image.metrics', 'augmentation', 'loss.content', 'updates.generator',
      use('generator.resconvnet', { width: 2, depth: 1 }), 'optimizer.adam',
      use('evaluation', { every: 2, testExamples: 4 }), use('checkpoints', { every: 2 }),
    ],
  }, { dataset: 'glyphs', engine: 'wasm', threads: 1 });
  const { results } = await experiment.train({ directory });
  await experiment.close();
  return Object.fromEntries(results);
};
const found = [];
for (const [i, copy] of copies.entries()) found.push(await train(copy, 'alone' + i));
found.push(...(await Promise.all(copies.map((copy, i) => train(copy, 'together' + i)))));
console.log(JSON.stringify({ different: copies[0].openExperiment !== copies[1].openExperiment, found }));
`;

test('two copies of ncn work in one process', () => {
  const copy = temporary();
  for (const part of ['dist', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const args = ['--input-type=module', '-e', twice, root, copy];
  const cwd = temporary();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const { different, found } = JSON.parse(stdout) as { different: boolean; found: object[] };
  expect(different).toBe(true);
  expect(Object.keys(found[0] ?? {})).toContain('test/content');
  expect(found).toEqual([found[0], found[0], found[0], found[0]]);
});
