import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { correlation } from '../../examples/correlation.js';
import { edgeError } from '../../examples/edge-error.js';
import { inHost } from '../e2e/host.js';
import {
  fingerprint,
  jsonLines,
  start,
  temporary,
  tinyIdx,
  tinyRun,
  type Finished,
} from '../e2e/support.js';
import { long } from '../support/long.js';
import { webhook } from '../support/webhook.js';
import { specOf } from './support.js';

const data = tinyIdx();

const plugins = (...names: string[]): string[] =>
  names.flatMap((name) => ['--plugin', specOf(name)]);

const train = (run: string, ...more: string[]): Promise<Finished> =>
  inHost(tinyRun(data, run, ...more));

const summaryOf = (run: string): Record<string, unknown> =>
  (
    JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as {
      results: Record<string, unknown>;
    }
  ).results;

const evaluationsOf = (run: string): Record<string, unknown>[] =>
  jsonLines(readFileSync(join(run, 'metrics.jsonl'), 'utf8')).filter(
    ({ type }) => type === 'evaluation',
  );

test('a stopping rule stops, a metric shows in every output, and a webhook hears of it', async () => {
  const { url, heard } = await webhook();
  const run = join(temporary(), 'run');
  const settings = [
    `log.webhook.url=${url}`,
    'stop.early.patience=2',
    'stop.early.least=1',
    'log.csv.every=2',
    // It counts in the last phase alone, which is to begin the run.
    'pretraining.updates=0',
  ];
  const { code, stdout, stderr } = await train(
    run,
    ...plugins('stop.early', 'edge-error', 'log.webhook', 'log.csv', 'hooks/evaluations'),
    ...settings.flatMap((value) => ['--set', value]),
  );
  expect(code, stderr).toBe(0);
  // Evaluations before training, at updates 3 and 6: the second without a new minimum ends the run.
  const summary = summaryOf(run);
  const reason = /^content has not become better for 2 evaluations; best: 0\.\d+ at update 0$/;
  expect(summary['stopped']).toMatch(reason);
  // Said where the run ends, too, not in its files alone.
  expect(stdout + stderr).toContain(`stopped early at update 6: ${String(summary['stopped'])}`);
  // The best checkpoint stays, with its name.
  expect(JSON.parse(readFileSync(join(run, 'best.json'), 'utf8'))).toEqual({
    update: 0,
    evaluation: 'fixed',
    metric: 'content',
    value: summary['best/content'],
  });
  const best = await inHost(['evaluate', join(run, 'best'), '--json']);
  expect(best.code, best.stderr).toBe(0);
  expect(jsonLines(best.stdout).at(-1)).toMatchObject({
    update: 0,
    results: { fixed: { content: summary['best/content'] } },
  });
  // One number a row, the same as in metrics.jsonl.
  const rows = readFileSync(join(run, 'metrics.csv'), 'utf8').trim().split('\n');
  expect(rows[0]).toBe('update,kind,name,value');
  expect(rows).toContain(`6,test,edges,${String(summary['test/edges'])}`);
  expect(rows.filter((row) => row.includes(',generator/content,'))).toHaveLength(3);
  expect(evaluationsOf(run).map(({ name, update }) => `${String(name)} ${String(update)}`)).toEqual(
    ['fixed 0', 'fixed 3', 'fixed 6', 'test 6', 'easy 6'],
  );
  const { metrics: declared } = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8')) as {
    metrics: unknown[];
  };
  expect(declared).toContainEqual(
    expect.objectContaining({ name: 'edges', label: 'Edge error', better: 'lower' }),
  );
  for (const { name, metrics } of evaluationsOf(run)) {
    expect(metrics).toHaveProperty('edges', expect.any(Number));
    if (name === 'easy') continue;
    expect(metrics).toHaveProperty(['batch/edges'], expect.any(Number));
  }
  expect(summary['fixed/edges']).toBeGreaterThan(0);
  expect(summary['test/edges']).toBeGreaterThan(0);
  expect(stdout + stderr).toMatch(/evaluation 'test' at update 6: .*edges 0\.\d+/);
  // A plugin's own evaluation is shown as the others are, and its results reach the end.
  expect(stdout + stderr).toMatch(/evaluation 'easy' at update 6: .*edges 0\.\d+/);
  expect(summary['easy/edges']).toBeGreaterThan(0);
  expect(stdout).toMatch(/further results[^]*easy\/edges +0\.\d+/);
  expect(stdout).toMatch(/best\/content +0\.\d+/);
  const about = { preset: 'dcgans_v7', seed: 1, directory: run };
  expect(heard).toEqual([{ event: 'end', ...about, update: 6, summary }]);
});

test('a webhook that nobody answers does not harm the run, which says so', async () => {
  const run = join(temporary(), 'run');
  const { code, stdout, stderr } = await train(
    run,
    ...plugins('log.webhook'),
    ...[
      '--set',
      'log.webhook.url=http://127.0.0.1:9/',
      '--updates',
      '1',
      '--set',
      'pretraining.updates=1',
    ],
  );
  expect(code, stderr).toBe(0);
  expect(stdout + stderr).toContain('the webhook could not be reached');
});

test('evaluations use the average of the weights, and can be told not to', async () => {
  const [evaluated, saved] = [join(temporary(), 'run'), join(temporary(), 'run')];
  const slow = { 'optimizer.adam.learningRate': 0.01, 'ema.decay': 0.99, 'ema.warmUp': false };
  const rate = Object.entries(slow).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
  await Promise.all([
    train(evaluated, ...plugins('ema'), ...rate),
    train(saved, ...plugins('ema'), ...rate, '--set', 'ema.evaluated=false'),
  ]);
  const content = (run: string) =>
    evaluationsOf(run).map(({ metrics }) => (metrics as { content: number }).content);
  const [average, own] = [content(evaluated), content(saved)];
  // The same at the start, and then the average lags far behind the weights.
  expect(average[0]).toBe(own[0]);
  const moved = (values: readonly number[]) => Math.abs((values.at(-1) ?? 0) - (values[0] ?? 0));
  expect(moved(average)).toBeGreaterThan(0);
  expect(moved(average)).toBeLessThan(0.5 * moved(own));
  // `ncn evaluate` uses what the run's own evaluations used.
  const { stdout } = await inHost(['evaluate', evaluated, '--json']);
  const [line] = jsonLines(stdout).filter((entry) => 'results' in entry);
  const { test: again } = (line as { results: { test: { content: number } } }).results;
  expect(again.content).toBe(summaryOf(evaluated)['test/content']);
});

test('a data set of one’s own', async () => {
  const run = join(temporary(), 'run');
  const { code, stderr } = await train(
    run,
    ...plugins('gratings'),
    ...['--dataset', 'gratings', '--set', 'gratings.train=50', '--set', 'gratings.test=20'],
    ...['--updates', '1', '--set', 'pretraining.updates=1'],
    ...['--without', 'images'],
  );
  expect(code, stderr).toBe(0);
  const manifest: unknown = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({
    dataset: { name: 'gratings', trainExamples: 50, testExamples: 20, source: 'generated' },
  });
});

test('a finished run is evaluated by a further metric', async () => {
  const run = join(temporary(), 'run');
  expect((await train(run)).code).toBe(0);
  const evaluated = await inHost(['evaluate', run, ...plugins('correlation'), '--json']);
  expect(evaluated.code, evaluated.stderr).toBe(0);
  expect(jsonLines(evaluated.stdout).at(-1)).toMatchObject({
    results: { test: { correlation: expect.any(Number) as number } },
  });
  const profile = await inHost(['resume', run, '--profile', 'quick']);
  expect(profile.stderr).toContain("unknown option '--profile'");
}, 120_000);

test('the correlation of signals worked out by hand', () => {
  const one = (output: number[], target: number[]): number =>
    correlation(Float32Array.from(output), Float32Array.from(target));
  expect(one([0.3, 0.5, 0.3, 0.7], [0, 0.5, 0, 1])).toBeCloseTo(1, 6); // 0.3 + 0.4·target
  expect(one([1, 0, 1, 0], [0, 1, 0, 1])).toBeCloseTo(-1, 6);
  expect(one([1, 0, 1, 0], [1, 1, 0, 0])).toBeCloseTo(0, 6);
  expect(one([0.5, 0.5, 0.5, 0.5], [1, 1, 0, 0])).toBe(0);
});

test('the edge error of a picture worked out by hand', () => {
  // Error [[1, 0], [0, 0]]: |0−1| and |0−0| to the right, |0−1| and |0−0| downwards.
  const black = { shape: [2, 2, 1], data: new Float32Array(4) };
  expect(edgeError({ ...black, data: Float32Array.of(1, 0, 0, 0) }, black)).toBe(0.5);
  // The same in the second of two channels, nothing in the first: half of it.
  const two = { shape: [2, 2, 2], data: new Float32Array(8) };
  expect(edgeError({ ...two, data: Float32Array.of(0, 1, 0, 0, 0, 0, 0, 0) }, two)).toBe(0.25);
});

/** The tiny run, without its setting for the discriminator that the example replaces. */
function withoutVanilla(args: readonly string[]): string[] {
  const at = args.findIndex((arg) => arg.startsWith('discriminator.vanilla'));
  return [...args.slice(0, at - 1), ...args.slice(at + 1)];
}

/** Hash of the best checkpoint, the only one in its folder. */
function bestOf(run: string): unknown {
  const checkpoints = join(run, 'best', 'checkpoints');
  const [only = '', ...more] = readdirSync(checkpoints);
  expect(more).toEqual([]);
  const text = readFileSync(join(checkpoints, only, 'checkpoint.json'), 'utf8');
  return (JSON.parse(text) as { contentHash: unknown }).contentHash;
}

const stopper = join(import.meta.dirname, 'stopper.ts');

const replaced = [
  ['wgan-gp', 'wgan.width=2'],
  ['discriminator.spectral', 'discriminator.spectral.width=2'],
] as const;

test.each(long ? replaced : replaced.slice(0, 1))(
  '%s with an average and a stopping rule: stopped and resumed, it ends as if never stopped',
  async (name, width) => {
    const args = (run: string) =>
      withoutVanilla(
        tinyRun(
          data,
          run,
          ...plugins(name, 'ema', 'stop.early', 'log.csv'),
          ...['--plugin', stopper, '--set', width],
        ),
      );
    const [whole, stopped] = [join(temporary(), 'run'), join(temporary(), 'run')];
    // Update 11 is in the main phase, between two checkpoints.
    const [first, cut] = await Promise.all([
      inHost(args(whole)),
      start(args(stopped), { NCN_TEST_STOP_AT: '11' }).finished,
    ]);
    expect(first.code, first.stderr).toBe(0);
    expect(cut.code, cut.stderr).toBe(130);
    const resumed = await inHost(['resume', stopped]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(fingerprint(stopped)).toEqual(fingerprint(whole));
    for (const file of ['metrics.csv', 'best.json']) {
      const [one, other] = [whole, stopped].map((run) => readFileSync(join(run, file), 'utf8'));
      expect(other).toBe(one);
    }
    expect(bestOf(stopped)).toBe(bestOf(whole));
  },
);
