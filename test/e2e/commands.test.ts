import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inHost } from './host.js';
import { jsonLines, ncn, temporary, tinyIdx, tinyRun } from './support.js';

const data = tinyIdx();

test('--json prints JSON lines and nothing else, errors included', async () => {
  const run = join(temporary(), 'run');
  const good = await ncn(tinyRun(data, run, '--json'));
  expect(good.code).toBe(0);
  const types = jsonLines(good.stdout).map(({ type }) => type);
  for (const type of ['plan', 'run', 'phase', 'evaluation', 'checkpoint', 'finished'])
    expect(types).toContain(type);
  const bad = await inHost(['--preset', 'nothing', '--json']);
  expect(bad.code).toBe(2);
  expect(jsonLines(bad.stdout)).toMatchObject([
    { type: 'error', code: 'NCN_PRESET_UNKNOWN', exit: 2 },
  ]);
});

test('--dry-run says what would be done and writes nothing', async () => {
  const cwd = temporary();
  const result = await inHost(
    ['--preset', 'conditional_v5', '--dataset', `idx:${data}`, '--dry-run'],
    cwd,
  );
  expect(result.code).toBe(0);
  expect(result.stdout).toContain(
    '500,000 updates of 100 examples: discriminator on batch 1, then generator on batch 1',
  );
  expect(result.stdout).toContain('--profile quick');
  expect(readdirSync(cwd)).toEqual([]);
});

test.each([
  ['--help'],
  ['--version'],
  ['presets'],
  ['plugins'],
  ['hooks'],
  ['config', '--preset', 'conditional_v5'],
  ['config', '--preset', 'conditional_v5', '--profile', 'quick', '--json'],
  ['doctor'],
])('ncn %s works', async (...args) => {
  const result = await (args.length === 1 ? ncn : inHost)(args);
  expect(result.code).toBe(0);
  expect(result.stdout.length).toBeGreaterThan(4);
  // Where WebGPU's package is installed and no driver is, its library says so.
  const ours = result.stderr
    .split('\n')
    .filter((line) => !/vkCreateInstance|VulkanError/.test(line));
  expect(ours.join('').trim()).toBe('');
});
