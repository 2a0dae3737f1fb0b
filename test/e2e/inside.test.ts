import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { inHost } from './host.js';
import { jsonLines, ncn, start, temporary, tinyIdx, tinyRun } from './support.js';

let data: string;

beforeAll(() => {
  data = tinyIdx();
});

test('--trace-hooks tells each tap, and the time account at the end is their sum', async () => {
  const run = join(temporary(), 'run');
  const { code, stdout, stderr } = await ncn(tinyRun(data, run, '--trace-hooks', '--json'));
  expect(code, stderr).toBe(0);
  const events = jsonLines(stdout);
  const taps = events.filter(({ type }) => type === 'hook');
  for (const [hook, plugin] of [
    ['losses', 'loss.content'],
    ['updateEnd', 'guard'],
    ['evaluationEnd', 'metrics'],
  ]) {
    expect(taps.some((tap) => tap['hook'] === hook && tap['plugin'] === plugin)).toBe(true);
  }
  const sums = new Map<string, number>();
  for (const tap of taps) {
    const plugin = String(tap['plugin']);
    sums.set(plugin, (sums.get(plugin) ?? 0) + Number(tap['milliseconds']));
  }
  const [time, ...more] = events.filter(({ type }) => type === 'time');
  expect(more).toEqual([]);
  const account = Object.entries(time?.['hooks'] as Record<string, number>);
  expect(account.map(([plugin]) => plugin).sort()).toEqual([...sums.keys()].sort());
  for (const [plugin, seconds] of account) {
    expect(seconds * 1000).toBeCloseTo(sums.get(plugin) ?? NaN, 6);
  }
});

test('--trace-hooks and the account are readable on the console too', async () => {
  const run = join(temporary(), 'run');
  const { code, stdout } = await inHost(tinyRun(data, run, '--trace-hooks'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}hook updateEnd: guard, \d+\.\d\d ms$/m);
  expect(stdout).toMatch(/^ {2}in hooks: \d+\.\d\d s in all/m);
});

test('ncn graph shows the layers, their weights, and the plugins', async () => {
  const { code, stdout } = await inHost(['graph', '--preset', 'conditional_v5', '--json']);
  expect(code).toBe(0);
  const { networks } = JSON.parse(stdout) as {
    networks: {
      network: string;
      plugin: string;
      weights: number;
      output: number[];
      layers: { name: string; input: number[]; output: number[]; weights: number }[];
    }[];
  };
  expect(networks.map(({ network, plugin }) => [network, plugin])).toEqual([
    ['generator', 'generator.resconvnet'],
    ['discriminator', 'discriminator.conditional'],
  ]);
  for (const { weights, layers } of networks) {
    expect(layers.reduce((sum, layer) => sum + layer.weights, 0)).toBe(weights);
  }
  const [generator] = networks;
  expect(generator?.output).toEqual([28, 28, 1]);
  expect(generator?.layers.at(0)?.input.slice(0, 2)).toEqual([28, 28]);
  expect(generator?.layers.at(-1)?.output).toEqual([28, 28, 1]);
});

const plugin = (setup: string): string => `
import { definePlugin, tf, z } from 'ncn';
export default definePlugin({ name: 'mine', version: '1.0.0', summary: 'a test', options: z.strictObject({}),
  setup({ hooks }) { ${setup} } });`;

function written(source: string): string {
  const file = join(temporary(), 'mine.ts');
  writeFileSync(file, source);
  return file;
}

test('a run hook that hangs is named, and the run can be resumed', async () => {
  const hang = 'update === 7 && !process.env.FIXED ? new Promise(() => {}) : undefined';
  const file = written(plugin(`hooks.updateEnd.tap(({ update }) => ${hang});`));
  const run = join(temporary(), 'run');
  const hung = await ncn(tinyRun(data, run, '--plugin', file, '--hook-timeout', '2'));
  expect(hung.code).toBe(4);
  expect(hung.stderr).toMatch(/'mine' did not finish hook 'updateEnd' within 2 s/);
  const status = JSON.parse(readFileSync(join(run, 'status.json'), 'utf8')) as object;
  expect(status).toMatchObject({ state: 'failed', exitCode: 4 });
  const resumed = await start(['resume', run], { FIXED: '1' }).finished;
  expect(resumed.code, resumed.stderr).toBe(0);
});

test.each([
  ['an operation without a kernel', 'tf.mean(tf.cumprod(tf.reshape(output, [-1])))', /'Cumprod'/],
  ['random numbers', 'tf.mean(tf.mul(output, tf.randomUniform([2, 28, 28, 1])))', /not a pure/],
  ['a value that is read', 'tf.mul(tf.mean(output), output.dataSync()[0])', /was read/],
])('compiled: a loss with %s is named before anything is written', async (_, value, text) => {
  const loss = `{ name: 'odd', network: 'generator', weight: () => 1, value: ({ output }) => ${value} }`;
  const file = written(plugin(`hooks.losses.tap(({ add }) => add(${loss}));`));
  const run = join(temporary(), 'run');
  const args = tinyRun(data, run, '--plugin', file, '--set', 'pretraining.updates=0');
  const refused = await inHost(args.map((arg) => (arg === 'wasm' ? 'compiled' : arg)));
  expect(refused.code).toBe(4);
  expect(refused.stderr).toMatch(text);
  expect(refused.stderr).toMatch(/used by 'mine'|'mine'/);
  expect(existsSync(run)).toBe(false);
});
