import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trainRuns } from './pages-runs.js';
import { inHost } from './host.js';
import { jsonLines, tinyRun } from './support.js';

const { folder, runs, run, data } = await trainRuns();

test('ncn report writes one file that names nothing outside itself', async () => {
  const { code, stdout } = await inHost(['report', run('one')], folder);
  expect(code).toBe(0);
  const file = join(run('one'), 'report.html');
  expect(stdout.trim()).toBe(file);
  const html = readFileSync(file, 'utf8');
  expect(html).not.toMatch(/<(link|script|img)[^>]+(src|href)="(?!data:)/);
  expect(html).toContain("default-src 'none'");
  const again = await inHost(['report', run('one'), '--json'], folder);
  expect(jsonLines(again.stdout)).toEqual([{ output: file }]);
});

test('ncn runs lists the runs, and the newest has a name', async () => {
  const { code, stdout } = await inHost(['runs'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^other +dcgans_v7 +documented +1 +finished +.*PSNR/m);
  const listed = jsonLines((await inHost(['runs', runs, '--json'])).stdout);
  expect(listed).toMatchObject([
    [{ run: 'other', state: 'finished', update: 16, seed: 1 }, {}, {}],
  ]);
  const newest = await inHost(['checkpoints', 'latest'], folder);
  expect(newest.code, newest.stderr).toBe(0);
  expect(newest.stdout).toContain('16');
});

test('the log of a run tells its story', () => {
  const lines = readFileSync(join(run('one'), 'log.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const events = told.map(({ event }) => event);
  expect(events.slice(0, 4)).toEqual(['start', 'engine', 'data', 'plan']);
  expect(events.filter((event) => event === 'phase')).toHaveLength(4);
  expect(events).toContain('evaluation');
  expect(events).toContain('checkpoint');
  expect(told.at(-1)).toMatchObject({ event: 'end', update: 16, exit: 0 });
  for (const line of told)
    expect(line).toMatchObject({ level: 30, msg: expect.any(String) as string });
});

test('ncn compare prints the table, and all of it as JSON', async () => {
  const { stdout, code } = await inHost(['compare', run('one'), run('two'), run('other')], folder);
  expect(code).toBe(0);
  expect(stdout).toContain('loss.content.weight');
  expect(stdout).toContain('(2 seeds)');
  expect(stdout.indexOf('loss.content.weight  ')).toBeGreaterThan(stdout.indexOf('(2 seeds)'));
  expect(existsSync(join(folder, 'comparison.html'))).toBe(false);
  const json = await inHost(['compare', run('one'), run('two'), run('other'), '--json'], folder);
  const [result] = jsonLines(json.stdout);
  expect(result).toMatchObject({
    groups: [{ runs: [0, 1] }, { runs: [2] }],
    differences: [{ path: 'loss.content.weight', values: ['1', '0.5'] }],
  });
  // Seven metrics, both kinds of statistics; of seed 1: only that one was trained in both ways.
  const tested = Array.from({ length: 14 }, () => ({ seeds: [1], examples: 20 }));
  expect(result?.['paired']).toMatchObject(tested);
});

test('ncn evaluate gives the values of each example that the run kept', async () => {
  const file = join(folder, 'again.safetensors');
  const { code, stderr } = await inHost(['evaluate', run('one'), '--per-example', file]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const kept = readFileSync(join(run('one'), 'test-examples.safetensors'));
  expect(readFileSync(file).equals(kept)).toBe(true);
});

test.each([
  [['report'], 2, 'NCN_USAGE_RUN'],
  [['compare', run('one')], 2, 'NCN_USAGE_COMPARE'],
  [['compare', run('one'), run('one')], 2, 'NCN_USAGE_RUN_TWICE'],
  [['report', run('on')], 7, 'NCN_RUN_NOT_FOUND'],
  [['report', run('one'), '--output', run('one/metrics.jsonl')], 2, 'NCN_REPORT_OVERWRITE'],
  [['watch', join(folder, 'nowhere')], 2, 'NCN_WATCH_FOLDER'],
  [['watch', runs, '--port', '99999'], 2, 'NCN_USAGE_PORT'],
])('%j is refused', async (args, exit, code) => {
  const metrics = readFileSync(run('one/metrics.jsonl'));
  const refused = await inHost([...args, '--json'], folder);
  expect(jsonLines(refused.stdout)).toMatchObject([{ type: 'error', code, exit }]);
  expect(refused.code).toBe(exit);
  expect(readFileSync(run('one/metrics.jsonl')).equals(metrics)).toBe(true);
});

test('a run with damaged files still has a page, which says so', async () => {
  const broken = join(folder, 'broken');
  cpSync(run('one'), broken, { recursive: true });
  writeFileSync(join(broken, 'test-examples.safetensors'), 'no');
  writeFileSync(join(broken, 'summary.json'), '{');
  const { code } = await inHost(['report', broken], folder);
  expect(code).toBe(0);
  const html = readFileSync(join(broken, 'report.html'), 'utf8');
  expect(html).toContain('is not a valid safetensors file');
  expect(html).toContain('summary.json is not what ncn writes there');
});

test('a page of a run without samples says so', async () => {
  const bare = join(folder, 'bare');
  const args = tinyRun(data, bare, '--without', 'samples', '--quiet');
  expect((await inHost(args)).code).toBe(0);
  expect(existsSync(join(bare, 'samples'))).toBe(false);
  expect((await inHost(['report', bare], folder)).code).toBe(0);
  expect(readFileSync(join(bare, 'report.html'), 'utf8')).toContain('kept no examples');
  expect(statSync(join(bare, 'report.html')).size).toBeLessThan(1_000_000);
});
