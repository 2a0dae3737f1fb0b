import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { RandomStreams } from '../../core/random/streams.js';
import { imageMedium } from '../../media/image/medium.js';
import { long } from '../support/long.js';
import { inHost } from './host.js';
import { fingerprint, ncn, start, temporary, tinyIdx, tinyRun } from './support.js';

let data: string;
let reference: string;
let expected: Record<string, string>;
let seconds: number;

beforeAll(async () => {
  data = tinyIdx();
  reference = join(temporary(), 'reference');
  const began = performance.now();
  const run = await ncn(tinyRun(data, reference));
  seconds = (performance.now() - began) / 1000;
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  expected = fingerprint(reference);
}, 300_000);

async function resumeToTheEnd(run: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const { code, stderr } = await inHost(['resume', run]);
    if (code === 0) return attempt;
    expect(attempt, stderr).toBeLessThan(5);
  }
}

test('a run that was never stopped gives the same bytes twice', async () => {
  const again = join(temporary(), 'again');
  expect((await inHost(tinyRun(data, again))).code).toBe(0);
  expect(fingerprint(again)).toEqual(expected);
  const other = join(temporary(), 'other');
  expect((await inHost(tinyRun(data, other, '--seed', '2'))).code).toBe(0);
  expect(fingerprint(other)['state']).not.toEqual(expected['state']);
}, 300_000);

test('runs killed at random moments, again and again, end as if never stopped', async () => {
  const random = new RandomStreams(11).at('moments');
  for (let round = 0; round < (long ? 8 : 1); round++) {
    const run = join(temporary(), 'killed');
    let args = tinyRun(data, run);
    for (let kill = 0; kill < 3; kill++) {
      const process = start(args);
      await Promise.race([
        process.finished,
        delay((0.3 + random.uniform() * 0.8) * seconds * 1000),
      ]);
      process.kill('SIGKILL');
      const { code } = await process.finished;
      if (code === 0) break;
      // Killed before it had a manifest, there is no run to resume.
      const begun = (() => {
        try {
          return readdirSync(run).includes('manifest.json');
        } catch {
          return false;
        }
      })();
      if (begun) args = ['resume', run];
      else args = tinyRun(data, join(temporary(), 'killed'));
      if (!begun) break;
    }
    if (args[0] !== 'resume') continue;
    await resumeToTheEnd(run);
    expect(fingerprint(run)).toEqual(expected);
  }
}, 600_000);

const signals = [
  ['SIGINT', 130, 'phase pretraining: 8 updates\n'],
  ['SIGTERM', 143, "evaluation 'fixed' at update 16"],
  ['SIGTERM', 143, 'phase main: 8 updates\n'],
  ['SIGINT', 130, "evaluation 'fixed' at update 3"],
] as const;

test.each(long ? signals : signals.slice(0, 2))(
  '%s saves, exits with %d, and resuming changes nothing (%s)',
  async (signal, code, moment) => {
    const run = join(temporary(), 'signalled');
    const process = start(tinyRun(data, run));
    await process.said(moment);
    process.kill(signal);
    const ended = await process.finished;
    // A signal after the last safe point finds the run finished.
    if (ended.code !== 0) {
      expect(ended.code).toBe(code);
      expect(ended.stdout).toContain(`ncn resume ${run}`);
      await resumeToTheEnd(run);
    }
    expect(fingerprint(run)).toEqual(expected);
  },
  300_000,
);

test('a corrupt checkpoint is announced and the one before is used', async () => {
  const run = join(temporary(), 'corrupt');
  const process = start(tinyRun(data, run));
  await process.said('phase main: 8 updates\n');
  process.kill('SIGINT');
  expect((await process.finished).code).toBe(130);
  // Drawn when a run ends, however it ends.
  expect(existsSync(join(run, 'images', 'figure.png'))).toBe(true);
  const newest = readdirSync(join(run, 'checkpoints')).sort().at(-1) ?? '';
  const state = join(run, 'checkpoints', newest, 'state.safetensors');
  const bytes = readFileSync(state);
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
  writeFileSync(state, bytes);
  const resumed = await inHost(['resume', run]);
  expect(resumed.stderr).toContain(newest);
  expect(resumed.stderr).toContain('Using the checkpoint before');
  expect(resumed.code).toBe(0);
  expect(fingerprint(run)).toEqual(expected);
}, 300_000);

test('a changed configuration is shown and refused, unless it is accepted', async () => {
  const run = join(temporary(), 'changed');
  const process = start(tinyRun(data, run));
  await process.said('phase main: 8 updates\n');
  process.kill('SIGINT');
  await process.finished;
  const refused = await inHost(['resume', run, '--set', 'loss.content.weight=2']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('loss.content.weight: 1 → 2');
  expect(refused.stderr).toContain('--accept-changes');
  const edges = join(import.meta.dirname, '../../examples/edge-error.ts');
  const plugins = await inHost(['resume', run, '--plugin', edges, '--without', 'lossgraph']);
  expect(plugins.code).toBe(2);
  expect(plugins.stderr).toContain('plugins: ["lossgraph"] → ["edges"]');
  const otherData = await inHost([
    'resume',
    run,
    '--dataset',
    `idx:${tinyIdx(61)}`,
    '--accept-changes',
  ]);
  expect(otherData.code).toBe(0);
  const finished = await inHost(['resume', reference]);
  expect(finished.code).toBe(0);
  expect(finished.stdout).toContain('nothing to resume');
}, 300_000);

test('other data under the same name is refused', async () => {
  const folder = tinyIdx();
  const run = join(temporary(), 'data');
  const process = start(tinyRun(folder, run));
  await process.said('phase main: 8 updates\n');
  process.kill('SIGINT');
  await process.finished;
  cpSync(tinyIdx(70), folder, { recursive: true });
  const refused = await inHost(['resume', run]);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('made on other data');
}, 300_000);

test('a run in use by another process is refused', async () => {
  const run = join(temporary(), 'busy');
  const first = start(tinyRun(data, run, '--updates', '2000'));
  await first.said('phase pretraining: 8 updates\n');
  const second = await ncn(['resume', run]);
  expect(second.code).toBe(7);
  expect(second.stderr).toMatch(/in use|running|process/);
  first.kill('SIGKILL');
  await first.finished;
}, 300_000);

test('evaluate, checkpoints and denoise work on a finished run', async () => {
  const list = JSON.parse((await ncn(['checkpoints', reference, '--json'])).stdout) as {
    update: number;
    contentHash: string;
  }[];
  expect(list[0]?.update).toBe(16);
  expect(expected['state']).toContain(list[0]?.contentHash);
  const evaluated = JSON.parse((await inHost(['evaluate', reference, '--json'])).stdout) as {
    results: { test: Record<string, number> };
  };
  const summary = JSON.parse(readFileSync(join(reference, 'summary.json'), 'utf8')) as {
    results: Record<string, number>;
  };
  for (const [name, value] of Object.entries(evaluated.results.test)) {
    expect(summary.results[`test/${name}`]).toBe(value);
  }
  const folder = temporary();
  const file = join(folder, 'a.png');
  const out = join(folder, 'o.png');
  const blank = { shape: [28, 28, 1], data: new Float32Array(784).fill(0.3) };
  writeFileSync(file, await imageMedium.encode(blank));
  const denoise = (...signals: string[]) =>
    inHost(['denoise', reference, '--output', out, ...signals]);
  expect((await denoise('--input', file, '--reference', file)).code).toBe(0);
  const result = readFileSync(out);
  expect(await imageMedium.decode(result, out, [28, 28, 1])).toHaveLength(784);
  expect((await denoise('--signal', `reference=${file}`, '--input', file)).code).toBe(0);
  expect(readFileSync(out).equals(result)).toBe(true);
  // Two pictures to begin with: those of a test example, with which the result comes again.
  expect((await denoise('--example', '3')).code).toBe(0);
  const ofExample = readFileSync(out);
  const written = ['input', 'reference'].flatMap((name) => [
    `--${name}`,
    join(folder, `o-${name}.png`),
  ]);
  expect((await denoise(...written)).code).toBe(0);
  const [first, again] = await Promise.all(
    [ofExample, readFileSync(out)].map((bytes) => imageMedium.decode(bytes, out, [28, 28, 1])),
  );
  // Inputs are rounded to bytes in files.
  first?.forEach((value, i) => expect(Math.abs(value - (again?.[i] ?? NaN))).toBeLessThan(0.05));
  for (const [signals, code, text] of [
    [['--example', '20'], 2, /no test example 20: the data set has 20/],
    [['--example', '1', '--input', file], 2, /files are given too/],
    [['--input', file, '--reference', file, '-o', join(folder, 'x.jpg')], 2, /image as \.png/],
    [['--input', file], 2, /'reference' .* is missing; it takes 'input', 'reference'/],
    [['--input', file, '--signal', `refrence=${file}`], 2, /no input 'refrence'; it takes/],
    [['--input', file, '--signal', `input=${file}`], 2, /'input' is given twice/],
    [['--signal', 'input'], 2, /NAME=FILE was expected/],
    [
      ['--input', file, '--reference', file, '--without', 'image.medium'],
      4,
      /The output has the shape \[28, 28, 1\], of which no medium/,
    ],
    [['--input', join(folder, 'b.png'), '--reference', file], 3, /b\.png cannot be read/],
  ] as const) {
    const refused = await denoise(...signals);
    expect(refused.code, refused.stderr).toBe(code);
    expect(refused.stderr).toMatch(text);
  }
}, 300_000);
