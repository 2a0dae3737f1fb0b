import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chartsOfRun } from '../../../lab/report/charts.js';
import { commandOf } from '../../../lab/report/command.js';
import { finalsOf, logProblem } from '../../../lab/report/finals.js';
import { DeclaredMetrics } from '../../../lab/report/metrics.js';
import { runModel } from '../../../lab/report/run-model.js';
import { inPage, thin } from '../../../lab/report/samples.js';
import { smooth } from '../../../lab/report/client/smoothing.js';
import { synthetic } from './support.js';

test('a growing event log is followed: torn lines wait, a cut file is read again', async () => {
  const data = await synthetic();
  const path = join(data.source.path, 'metrics.jsonl');
  const whole = await readFile(path, 'utf8');
  const content = () => data.series.training.get('generator/content') ?? [];
  expect(content().map(([x]) => x)).toEqual([10, 20, 30, 40]);
  const line = '{"metrics":{"generator/content":0.5},"scalars":{},"type":"update","update":50}\n';
  await appendFile(path, line.slice(0, 30));
  await data.refresh();
  expect(content()).toHaveLength(4);
  await appendFile(path, line.slice(30));
  await data.refresh();
  expect(content().at(-1)).toEqual([50, 0.5]);
  // What a resume does: back to an earlier line, and on with others.
  const cut = whole.split('\n').slice(0, 2).join('\n');
  await writeFile(path, `${cut}\n${line.replace('50', '20').repeat(40)}`);
  await data.refresh();
  expect(content().map(([x]) => x)).toEqual([10, ...Array<number>(40).fill(20)]);
});

test('a broken line is a problem that names it', async () => {
  const data = await synthetic();
  await appendFile(join(data.source.path, 'metrics.jsonl'), 'no\n');
  await data.refresh();
  expect(data.problems.join()).toMatch(/metrics\.jsonl, line \d+: not JSON/);
});

test('long curves keep their ends and their means; NaN is left out', async () => {
  const { series } = await synthetic({ updates: 30_000, evaluationEvery: 3000 });
  series.training.get('generator/content')?.push([30_001, NaN]);
  const terms = chartsOfRun(series, new DeclaredMetrics([])).find(({ id }) => id === 'terms');
  const line = terms?.lines.find(({ name }) => name === 'generator/content');
  expect(line?.count).toBe(3001);
  expect(line?.points).toHaveLength(2 * 800);
  expect(line?.points[0]).toBe(10);
  expect(line?.points.at(-2)).toBe(30_000);
  expect(line?.means).toHaveLength(2 * 400);
  const all = (series.training.get('generator/content') ?? []).slice(0, -1).map(([, y]) => y);
  const mean = (values: number[]) => values.reduce((s, v) => s + v, 0) / values.length;
  // 3,000 values in 400 runs of 7 or 8: nearly equal weights.
  expect(mean(line?.means?.filter((_, i) => i % 2 === 1) ?? [])).toBeCloseTo(mean(all), 3);
});

test('the model of a run', async () => {
  const data = await synthetic();
  const model = await runModel(data, inPage, 0);
  expect(model).toMatchObject({
    title: 'synthetic',
    notice: 'These numbers are made up.',
    status: { state: 'finished', update: 40, totalUpdates: 40 },
    samples: { title: 'Images', count: 16, columns: 4, rows: 4, available: 3 },
    testExamples: { count: 30, batch: true },
    problems: [],
  });
  expect(model.samples?.given.map(({ label }) => label)).toEqual([
    'reference',
    'input',
    'ground truth',
  ]);
  expect(model.command).toBe(`ncn --preset synthetic --set 'note=it'\\''s <b>made</b> up'`);
  const headlines = model.results[0]?.rows.filter(({ metric }) => metric.headline);
  expect(headlines?.map(({ metric: { label, unit } }) => [label, unit])).toEqual([
    ['Content error', null],
    ['PSNR', 'dB'],
    ['SSIM', null],
    ['Collapse rate', null],
  ]);
  expect(model.charts.map(({ id }) => id)).toContain('schedules');
});

test('pictures that are lost or damaged are left out, each named once', async () => {
  const data = await synthetic();
  const file = (name: string) => join(data.source.path, 'samples/fixed', name);
  await truncate(file('output-000000020.png'), 60);
  const bytes = await readFile(file('input.png'));
  bytes.writeUInt8(bytes.readUInt8(50) ^ 4, 50);
  await writeFile(file('input.png'), bytes);
  await rm(file('output-000000040.png'));
  const model = await runModel(data, inPage, 0);
  expect(model.problems).toEqual([
    'samples/fixed/output-000000020.png is cut off, and is left out.',
    'samples/fixed lacks the pictures of the outputs at update 40.',
    'samples/fixed/input.png is damaged, and is left out.',
  ]);
  expect(model.samples?.frames.map(({ update }) => update)).toEqual([0]);
  expect(model.samples?.given.map(({ label }) => label)).toEqual(['reference', 'ground truth']);
});

test('sounds that are lost or damaged are left out, each named once', async () => {
  const data = await synthetic({ signals: 'sounds', metrics: [], batch: false });
  const file = (name: string) => join(data.source.path, 'samples/fixed', name);
  const model = async () => runModel(data, inPage, 0);
  const whole = await model();
  expect(whole.problems).toEqual([]);
  const newest = ({ samples }: typeof whole) => samples?.frames.at(-1)?.files ?? [];
  expect(newest(whole).every((address) => address.startsWith('data:audio/'))).toBe(true);
  const bytes = await readFile(file('output-000000040-1.wav'));
  await truncate(file('output-000000040-1.wav'), 90);
  bytes.writeUInt8(bytes.readUInt8(22) ^ 2, 22); // channels
  await writeFile(file('output-000000040-2.wav'), bytes);
  const given = whole.samples?.given.find(({ files }) => files.length > 0)?.role ?? '';
  await rm(file(`${given}-0.wav`));
  await writeFile(file(`${given}-1.wav`), '');
  const damaged = await model();
  expect([...damaged.problems].sort()).toEqual(
    [
      `samples/fixed/${given}-0.wav is missing, and is left out.`,
      `samples/fixed/${given}-1.wav is empty, and is left out.`,
      'samples/fixed/output-000000040-1.wav is cut off, and is left out.',
      'samples/fixed/output-000000040-2.wav is damaged, and is left out.',
    ].sort(),
  );
  expect(newest(damaged).map((address) => address !== '')).toEqual(
    newest(whole).map((_, i) => i !== 1 && i !== 2),
  );
  // One that is put back is found again.
  await writeFile(file('output-000000040-1.wav'), bytes.fill(1, 22, 23));
  expect((await model()).problems.join()).not.toContain('output-000000040-1.wav');
});

test('commands are quoted only where a shell would read them otherwise', () => {
  expect(commandOf(['run', '--set', 'a.b=1,2', '--x', ''])).toBe("ncn run --set a.b=1,2 --x ''");
});

test('thinning keeps the first and the last', () => {
  expect(thin([1, 2, 3], 1)).toEqual([3]);
  expect(thin([1, 2, 3], 0)).toEqual([]);
  const all = Array.from({ length: 501 }, (_, i) => i);
  const some = thin(all, 48);
  expect(some).toHaveLength(48);
  expect([some[0], some.at(-1)]).toEqual([0, 500]);
  expect(thin([1, 2], 48)).toEqual([1, 2]);
});

test('smoothing keeps a constant, and starts without a pull to zero', () => {
  expect(
    smooth(
      [
        [1, 3],
        [2, 3],
        [3, 3],
      ],
      0.9,
    ).map(([, y]) => y.toFixed(9)),
  ).toEqual(Array(3).fill('3.000000000'));
  // s₂ = (0.5·0.5·1 + 0.5·2) / (1 − 0.25)
  expect(
    smooth(
      [
        [1, 1],
        [2, 2],
      ],
      0.5,
    )[1]?.[1],
  ).toBeCloseTo(1.25 / 0.75, 12);
});

test('of a summary, only what an evaluation gave is looked for in the log', async () => {
  const data = await synthetic();
  const { series } = data;
  const results: Record<string, number> = {};
  series.evaluations.set('ood', new Map([['psnr', [[40, 1]]]]));
  series.evaluations.set('ood/hard', new Map([['psnr', [[40, 20]]]]));
  for (const [evaluation, of] of series.evaluations) {
    for (const [name, line] of of) results[`${evaluation}/${name}`] = line.at(-1)?.[1] ?? NaN;
  }
  data.summary = { results: { ...results, 'best/psnr': 21, 'best/update': 20, 'my/own': 1 } };
  expect(logProblem(data)).toBeUndefined();
  expect([...finalsOf(data).keys()].sort()).toEqual(['fixed', 'ood', 'ood/hard', 'test']);
  data.summary = { results: { ...results, 'ood/hard/psnr': 22 } };
  expect(logProblem(data)).toContain('(ood/hard/psnr)');
  expect(finalsOf(data).get('ood/hard')?.values.get('psnr')).toBe(22);
  // Of a log that was lost, what the summary says stands.
  series.evaluations.clear();
  data.summary = { results: { 'test/psnr': 3, 'ood/hard/batch/psnr': 4, 'best/update': 20 } };
  expect(logProblem(data)).toContain('(test/psnr, ood/hard/batch/psnr)');
  expect(finalsOf(data).get('ood/hard')?.values).toEqual(new Map([['batch/psnr', 4]]));
});
