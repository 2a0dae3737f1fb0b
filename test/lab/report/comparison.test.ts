import { expect, test } from 'vitest';
import { comparisonText } from '../../../cli/comparison-text.js';
import type { Metric } from '../../../core/evaluation/metric.js';
import { comparisonModel } from '../../../lab/report/comparison.js';
import type { RunData } from '../../../lab/report/run-data.js';
import { inPage } from '../../../lab/report/samples.js';
import { meanInterval } from '../../../lab/stats/interval.js';
import { pairedTest } from '../../../lab/stats/paired.js';
import { synthetic } from './support.js';

/** Gives a run another value of its configuration, and other values of its examples. */
function altered(data: RunData, shift: number): RunData {
  const [first] = data.config?.values ?? [];
  if (first !== undefined) first.value = 'another';
  for (const values of data.testExamples?.values.values() ?? []) {
    values.forEach((v, i) => (values[i] = v + shift * ((i % 5) + 1)));
  }
  return data;
}

/** Sets the last value of a metric of the test set. */
function scored(data: RunData, metric: string, value: number): RunData {
  data.series.evaluations.get('test')?.set(metric, [[40, value]]);
  return data;
}

const compare = (runs: readonly RunData[]) => comparisonModel(runs, inPage, 0);

const metric = (name: string, better: Metric['better'], more: Partial<Metric> = {}): Metric => ({
  ...{ name, better, value: () => 0 },
  ...more,
});

test('seeds of one experiment form a group; its means have intervals', async () => {
  const runs = await Promise.all([1, 2, 3].map((seed) => synthetic({ seed })));
  const { groups, differences, metrics, paired, batch } = await compare(runs);
  expect(groups).toMatchObject([{ label: 'synthetic', runs: [0, 1, 2] }]);
  expect(differences).toEqual([]);
  expect(paired).toEqual([]);
  const values = runs.map(
    ({ series }) => series.evaluations.get('test')?.get('psnr')?.at(-1)?.[1] ?? NaN,
  );
  const { n, mean, interval } = meanInterval(values);
  const row = metrics.find((r) => r.metric.name === 'psnr' && r.mode === 'moving');
  expect(row).toMatchObject({ metric: { better: 'higher' }, groups: [{ n, mean, interval }] });
  expect(row?.best).toEqual([]);
  expect(batch).toBe(true);
  expect(metrics.filter((r) => r.groups.every((group) => group === null))).toEqual([]);
});

test('experiments are told apart by what differs, and paired example by example', async () => {
  const before = [await synthetic({ seed: 1 }), await synthetic({ seed: 2 })];
  const after = [
    altered(await synthetic({ seed: 1 }), 0.1),
    altered(await synthetic({ seed: 2 }), 0.2),
  ];
  const { groups, differences, paired } = await compare([...before, ...after]);
  expect(groups.map(({ runs }) => runs)).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(groups[1]?.label).toBe('synthetic, updates another');
  expect(differences).toMatchObject([{ path: 'updates', values: ['40', '"another"'] }]);
  const row = paired.find((r) => r.metric.name === 'content' && r.mode === 'moving');
  const expected = pairedTest(Array.from({ length: 30 }, (_, i) => 0.15 * ((i % 5) + 1)));
  expect(row).toMatchObject({ seeds: [1, 2], examples: 30 });
  expect(row?.difference).toBeCloseTo(expected.difference.mean, 6);
  expect(row?.interval?.[0]).toBeCloseTo(expected.difference.interval?.[0] ?? NaN, 6);
  expect(row?.effect).toBeCloseTo(expected.effect ?? NaN, 4);
  expect(row?.adjustedP).toBeGreaterThanOrEqual(row?.wilcoxonP ?? NaN);
  // What says nothing of the network is not tested.
  expect(new Set(paired.map((r) => r.metric.name))).toEqual(
    new Set(['content', 'mse', 'crossEntropy', 'psnr', 'ssim', 'collapseRate', 'collapseMargin']),
  );
});

test('without common examples there is no test, and the page says why', async () => {
  const other = altered(await synthetic({ seed: 2 }), 0.1);
  const { paired, pairedNotes } = await compare([await synthetic({ seed: 1 }), other]);
  expect(paired).toEqual([]);
  expect(pairedNotes.join()).toContain('no test examples in common');
});

test.each(['target', 'reference'])('runs that saw another %s are not paired', async (sequence) => {
  const other = altered(await synthetic(), 0.1);
  other.testExamples?.indexes.get(sequence)?.fill(7, 3, 4);
  const { paired, pairedNotes } = await compare([await synthetic(), other]);
  expect(paired).toEqual([]);
  expect(pairedNotes).toHaveLength(1);
});

test('examples without a sensible value are left out of the test, and told', async () => {
  const metrics = [metric('score', 'higher')];
  const runs = [await synthetic({ metrics }), altered(await synthetic({ metrics }), 0.1)];
  runs[0]?.testExamples?.values.get('score')?.set([NaN, Infinity], 4);
  const { paired, pairedNotes } = await compare(runs);
  expect(paired.map(({ mode, examples }) => [mode, examples])).toEqual([
    ['moving', 28],
    ['batch', 30],
  ]);
  expect(pairedNotes).toEqual([expect.stringContaining('2 of 30 examples have no difference')]);
});

test.each([
  ['lower', (i: number) => (i % 5 === 0 ? -0.9 : 0.01), 'mixed'],
  ['lower', (i: number) => (i % 5 === 0 ? 0.9 : 0.01), 'worse'],
  ['lower', () => -0.01, 'better'],
  ['higher', () => 0.01, 'better'],
  ['higher', () => -0.01, 'worse'],
  ['higher', (i: number) => (i % 2) - 0.5, 'no clear difference'],
] as const)(
  'the verdict of a test is that of its direction: %s, %s',
  async (better, by, verdict) => {
    const more = { metrics: [metric('score', better)], batch: false, testExamples: 200 };
    const runs = [await synthetic(more), altered(await synthetic(more), 0)];
    runs.forEach((data, after) => {
      const score = data.testExamples?.values.get('score');
      score?.forEach((_, i) => (score[i] = after * by(i)));
    });
    const { paired } = await compare(runs);
    expect(paired.map((row) => row.verdict)).toEqual([verdict]);
  },
);

test('a seed whose number is none is left out of the mean, and told', async () => {
  const runs = await Promise.all([1, 2, 3].map((seed) => synthetic({ seed, batch: false })));
  runs.forEach((data, i) => scored(data, 'content', i === 1 ? NaN : 0.5));
  const { metrics, problems } = await compare(runs);
  const row = metrics.find(({ metric: { name } }) => name === 'content');
  expect(row?.groups).toMatchObject([{ n: 2, mean: 0.5 }]);
  expect(problems).toEqual([
    'run: test/content is no finite number: means over the seeds leave this run out there.',
  ]);
  // What the log does not say, the summary of a finished run does.
  const [first] = runs;
  if (first !== undefined) first.summary = { results: { 'test/content': 'Infinity' } };
  const model = await compare(runs);
  expect(model.metrics.find(({ metric: { name } }) => name === 'content')?.groups[0]?.n).toBe(1);
  expect(model.problems.filter((problem) => problem.includes('no finite number'))).toHaveLength(2);
});

/** A run with initial weights of their own. */
async function begun(seed: number, startSeed: number, shift?: number): Promise<RunData> {
  const data = await synthetic({ seed });
  const about = { origin: 'cli', type: 'integer', description: '' };
  data.config?.values.push({ path: 'startSeed', value: startSeed, ...about });
  return shift === undefined ? data : altered(data, shift);
}

const contentOf = ({ paired }: Awaited<ReturnType<typeof compare>>) =>
  paired.find((row) => row.metric.name === 'content' && row.mode === 'moving');
/** Mean of (i % 5) + 1, by which `altered` shifts. */
const meanShift = 3;

test('runs of one seed with other initial weights are all compared, start by start', async () => {
  const before = [await begun(1, 1), await begun(1, 2)];
  const after = [await begun(1, 1, 0.1), await begun(1, 2, 0.3)];
  const model = await compare([...before, ...after]);
  expect(contentOf(model)).toMatchObject({ seeds: [1], examples: 30 });
  expect(contentOf(model)?.difference).toBeCloseTo(0.2 * meanShift, 6);
  expect(model.pairedNotes).toEqual([]);
  expect(model.groups[0]?.seeds).toEqual(['1', '1 (start 2)']);
  expect(comparisonText(model)).toMatch(/seeds +1, 1 \(start 2\) +1, 1 \(start 2\)/);
  // What has no partner of its start is left out, and told.
  const uneven = await compare([...before, ...after.slice(1)]);
  expect(contentOf(uneven)?.difference).toBeCloseTo(0.3 * meanShift, 6);
  expect(uneven.pairedNotes).toEqual([expect.stringContaining('synthetic, updates 40: run left')]);
  // Without any common start, all are compared with all.
  const apart = await compare([...before, await begun(1, 3, 0.1), await begun(1, 4, 0.4)]);
  expect(contentOf(apart)?.difference).toBeCloseTo(0.25 * meanShift, 6);
  expect(apart.pairedNotes).toEqual([]);
});

test('a run of a seed that only one experiment has is left out of the test, and told', async () => {
  const before = await Promise.all([1, 2].map((seed) => synthetic({ seed })));
  const model = await compare([...before, altered(await synthetic({ seed: 2 }), 0.1)]);
  expect(contentOf(model)?.seeds).toEqual([2]);
  expect(model.pairedNotes).toHaveLength(1);
});

test('a second run of one seed counts for nothing, and is told', async () => {
  const [first, second] = [await synthetic(), await synthetic()];
  const model = await compare([first, second, await synthetic({ seed: 2 })]);
  expect(model.groups).toMatchObject([{ runs: [0, 1, 2], counted: [0, 2], seeds: ['1', '2'] }]);
  expect(new Set(model.metrics.map(({ groups }) => groups[0]?.n))).toEqual(new Set([2]));
  expect(model.problems).toEqual([expect.stringContaining('same experiment and seed 1 as run')]);
  // One that did not finish does not stand for one that did.
  first.status = undefined;
  expect((await compare([first, second])).groups).toMatchObject([{ counted: [1] }]);
});

test('another version of a plugin makes another experiment', async () => {
  const [first, second] = [await synthetic(), await synthetic()];
  second.manifest.plugins.samples = '2.1.0';
  const { groups, differences, problems } = await compare([first, second]);
  expect(groups.map(({ label }) => label)).toEqual([
    'synthetic, plugins samples 2.0.0',
    'synthetic, plugins samples 2.1.0',
  ]);
  expect(differences).toMatchObject([
    { path: 'plugins', values: ['samples 2.0.0', 'samples 2.1.0'] },
  ]);
  expect(problems).toEqual([]);
});

test('ncn compare marks the best as each metric says: of correlations the highest', async () => {
  const metrics = [
    metric('correlation', 'higher', { label: 'Correlation' }),
    metric('delay', 'lower', { label: 'Delay', unit: 'ms' }),
    metric('level', null),
  ];
  const more = { metrics, batch: false };
  const make = async (shift: number, correlation: number, delay: number) => {
    const data = altered(await synthetic(more), shift);
    scored(scored(data, 'correlation', correlation), 'delay', delay);
    return scored(scored(data, 'level', correlation), 'stray', delay);
  };
  const model = await compare([
    ...[await synthetic(more)].map((data) =>
      scored(scored(scored(scored(data, 'correlation', 0.5), 'delay', 2), 'level', 1), 'stray', 3),
    ),
    await make(0.1, 0.9, 5),
  ]);
  expect(model.batch).toBe(false);
  expect(model.metrics.map((row) => [row.metric.name, row.best])).toEqual([
    ['correlation', [1]],
    ['delay', [0]],
    ['level', []],
    ['stray', []],
  ]);
  const lines = comparisonText(model).split('\n');
  const line = (label: string): string => lines.find((text) => text.includes(label)) ?? '';
  expect(line('Correlation')).toMatch(/0\.5000 \(1 seed\)(?! \*).*0\.9000 \(1 seed\) \*/);
  expect(line('Delay (ms)')).toMatch(/2\.0000 \(1 seed\) \*.*5\.0000 \(1 seed\)(?! \*)/);
  for (const label of ['level', 'stray']) expect(line(label)).not.toContain('*');
  expect(lines.some((text) => text.includes('BN'))).toBe(false);
  // Higher by up to half: better in the first metric, worse in the second.
  expect(model.paired.map((row) => [row.metric.better, row.difference > 0])).toEqual([
    ['higher', true],
    ['lower', true],
  ]);
});

test('a metric that runs declare differently is a problem; the first counts', async () => {
  const first = await synthetic({ metrics: [metric('score', 'higher')] });
  const second = altered(await synthetic({ metrics: [metric('score', 'lower')] }), 0.1);
  const { metrics, problems } = await compare([first, second]);
  expect(metrics[0]?.metric.better).toBe('higher');
  expect(problems).toEqual([expect.stringContaining("'score' is declared otherwise (better)")]);
});

test('what a plugin’s own evaluation found is compared, too', async () => {
  const runs = await Promise.all([1, 2].map((seed) => synthetic({ seed })));
  runs.forEach(({ series }, i) =>
    series.evaluations.set('mine', new Map([['psnr', [[40, 20 + i]]]])),
  );
  const { metrics } = await compare(runs);
  const row = metrics.find((r) => r.metric.name === 'mine/psnr');
  expect(row).toMatchObject({ metric: { better: 'higher' }, groups: [{ n: 2, mean: 20.5 }] });
  expect(row?.metric.label).toMatch(/^mine: /);
});

test('an interval never holds values that cannot be: medians and ranges stand there instead', async () => {
  const seeds = (values: readonly number[], name: string) =>
    Promise.all(values.map(async (v, i) => scored(await synthetic({ seed: i + 1 }), name, v)));
  const low = await seeds([0, 0.01, 0.2], 'collapseRate');
  const model = await compare(low);
  const row = model.metrics.find(
    (r) => r.metric.name === 'collapseRate' && r.mode === 'moving' && r.shown === 'median',
  );
  expect(row?.groups).toMatchObject([{ median: 0.01, low: 0, high: 0.2 }]);
  expect(row?.groups[0]?.interval?.[0]).toBeLessThan(0);
  const text = comparisonText(model);
  expect(text).toMatch(/Collapse rate +moving +median 1\.0 % of 0\.0 % to 20\.0 % \(3 seeds\)/);
  expect(text).not.toMatch(/\[-[\d.]+ %/);
  expect(text).toContain('values that cannot be');
  // SSIM ends at 1, and decibels nowhere.
  const high = await compare(await seeds([0.5, 0.99], 'ssim'));
  expect(high.metrics.find((r) => r.metric.name === 'ssim')?.shown).toBe('median');
  const decibels = await compare(await seeds([-1, 30], 'psnr'));
  expect(decibels.metrics.find((r) => r.metric.name === 'psnr')?.shown).toBe('mean');
});
