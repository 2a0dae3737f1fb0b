import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { RandomStreams } from '../../core/random/streams.js';
import { readLedger } from '../../lab/sweep/ledger.js';
import { long } from '../support/long.js';
import { inHost } from './host.js';
import { jsonLines, ncn, start, temporary, tinyIdx } from './support.js';

let data: string;
let expected: Record<string, string>;
let seconds: number;

/** Two GANs, two seeds, as small as can be. */
const tiny = (command: 'sweep' | 'reproduce', dir: string, ...more: string[]): string[] => [
  command,
  ...['--presets', 'dcgans_v[46]', '--seeds', '2', '--dir', dir],
  ...['--dataset', `idx:${data}`, '--engine', 'wasm', '--jobs', '2'],
  ...['--updates', '8', '--batch', '2', '--eval-every', '3', '--checkpoint-every', '2'],
  ...[
    'generator.resconvnet.width=2',
    'generator.resconvnet.depth=1',
    'discriminator.vanilla.width=0.0157',
    'evaluation.examples=4',
    'evaluation.testExamples=8',
    'evaluation.testBatch=2',
  ].flatMap((value) => ['--set', value]),
  ...more,
];

const report = (dir: string): Record<string, string> =>
  Object.fromEntries(
    ['results.json', 'results.md', 'results.html', 'figures/dcgans_v6.png'].map((file) => [
      file,
      readFileSync(join(dir, 'report', file)).toString('base64'),
    ]),
  );

beforeAll(async () => {
  data = tinyIdx();
  const dir = join(temporary(), 'reference');
  const began = performance.now();
  const { code, stderr, stdout } = await ncn(tiny('reproduce', dir));
  seconds = (performance.now() - began) / 1000;
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('4 of 4 done');
  expected = report(dir);
}, 300_000);

/** Kills a random running job, as an out-of-memory killer would. */
async function killJob(dir: string, chosen: number): Promise<void> {
  if (!existsSync(join(dir, 'ledger.jsonl'))) return;
  const running = [...(await readLedger(dir)).values()].filter(({ state }) => state === 'running');
  const handle = running[chosen % Math.max(1, running.length)]?.handle;
  if (typeof handle !== 'object' || handle === null || !('pid' in handle)) return;
  try {
    process.kill(Number(handle.pid), 'SIGKILL');
  } catch {
    // It was over already.
  }
}

test('killed again and again at random moments, the sweep ends with the same table, bit for bit', async () => {
  const kills = long ? 20 : 4;
  const random = new RandomStreams(7).at('moments');
  const dir = join(temporary(), 'killed');
  for (let kill = 0; kill < kills; kill++) {
    const sweep = start(tiny('reproduce', dir));
    await Promise.race([sweep.finished, delay((0.1 + random.uniform() * 0.35) * seconds * 1000)]);
    if (random.uniform() < 0.7) await killJob(dir, random.below(2));
    if (random.uniform() < 0.7) sweep.kill('SIGKILL');
    else sweep.kill('SIGTERM');
    await sweep.finished;
  }
  let code: number | null = null;
  for (let attempt = 0; attempt < 3 && code !== 0; attempt++) {
    const last = await ncn(tiny('reproduce', dir));
    code = last.code;
    if (code !== 0) expect(attempt, last.stdout + last.stderr).toBeLessThan(2);
  }
  expect(report(dir)).toEqual(expected);
  // Some of the kills hit a job that had begun.
  const starts = [...(await readLedger(dir)).values()].map((record) => record.starts);
  expect(starts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(4);
}, 600_000);

test('what is done is not run again; more seeds get the next numbers', async () => {
  const dir = join(temporary(), 'again');
  const args = tiny('sweep', dir, '--presets', 'dcgans_v4');
  expect((await ncn([...args, '--seeds', '1'])).code).toBe(0);
  const again = await ncn([...args, '--seeds', '1']);
  expect(again.code).toBe(0);
  expect(again.stdout).toContain('1 of 1 done');
  expect(again.stdout).not.toContain('started');
  expect((await ncn(args)).code).toBe(0);
  const names = [...(await readLedger(dir)).values()].map(({ job, starts }) => [job.name, starts]);
  expect(names).toEqual([
    ['0001-dcgans_v4-1', 1],
    ['0002-dcgans_v4-2', 1],
  ]);
}, 300_000);

test('a failure is told at once and the rest goes on; retry and cancel', async () => {
  const dir = join(temporary(), 'failing');
  // At this rate the losses overflow, and the guard stops the run.
  const args = tiny('sweep', dir, '--seeds', '1', '--set', 'optimizer.adam.learningRate=1e-4,1e38');
  const swept = await ncn([...args, '--json']);
  expect(swept.code).toBe(8);
  const events = jsonLines(swept.stdout);
  expect(events.at(-1)).toMatchObject({ type: 'finished', done: 2, failed: 2 });
  expect(events.find(({ type }) => type === 'failed')?.['reason']).toMatch(/diverged/);
  const status = await inHost(['sweep', 'status', dir]);
  expect(status.stdout).toContain('2 of 4 done, 2 failed');
  // The same command does not try again what failed by itself.
  expect((await ncn(args)).code).toBe(8);
  expect((await inHost(['sweep', 'cancel', dir, '2'])).code).toBe(0);
  expect((await inHost(['sweep', 'retry', dir, '4'])).stdout).toContain('1 job put into the queue');
  const states = [...(await readLedger(dir)).values()].map(({ state }) => state);
  expect(states).toEqual(['done', 'cancelled', 'done', 'queued']);
  const unknown = await inHost(['sweep', 'retry', dir, '9']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("no job '9'");
}, 300_000);

test('bad input is refused before anything is written', async () => {
  const dir = join(temporary(), 'nothing');
  for (const [args, message] of [
    [['sweep'], 'Which experiments?'],
    [['sweep', '--presets', 'dcgan_v1', '--dir', dir], "Did you mean 'dcgans_v1'?"],
    [['sweep', '--presets', 'dcnn_v1', '--seeds', 'many', '--dir', dir], 'which seeds'],
    [
      ['sweep', '--presets', 'dcnn_v1', '--set', 'loss.contend.weight=1,2', '--dir', dir],
      'loss.content',
    ],
    [['sweep', '--presets', 'dcnn_v1', '--set', 'seed=1,2', '--dir', dir], '--seeds'],
    [['sweep', '--presets', 'dcnn_v1', '--jobs', '0', '--dir', dir], '--jobs 0'],
  ] as const) {
    const { code, stderr } = await inHost(args);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(message);
  }
  expect((await inHost(['sweep', 'status', dir])).code).toBe(7);
  expect(existsSync(dir)).toBe(false);
}, 300_000);
