import { readFlac } from '../../../media/sound/compressed.js';
import { readWav } from '../../../media/sound/wav.js';
import { expect, test } from 'vitest';
import type { Metric } from '../../../core/evaluation/metric.js';
import { drawKept } from '../../../lab/report/drawing.js';
import { testExamplesOf } from '../../../lab/report/examples.js';
import { DeclaredMetrics } from '../../../lab/report/metrics.js';
import type { RunData } from '../../../lab/report/run-data.js';
import { runModel } from '../../../lab/report/run-model.js';
import { inPage, samplesOf } from '../../../lab/report/samples.js';
import { decodePicture } from '../../../media/figures/png.js';
import { synthetic } from './support.js';

function examplesOf(data: RunData) {
  if (data.testExamples === undefined) throw new Error('the run has no test examples');
  const { metrics } = data.manifest;
  return testExamplesOf(data.testExamples, new DeclaredMetrics([{ run: 'run', metrics }]));
}

const sizeOf = (png: Buffer | undefined): number[] | undefined =>
  png && [png.readUInt32BE(16), png.readUInt32BE(20)];

test('a kept signal is drawn by its shape alone', () => {
  const zeros = (...shape: number[]) => ({
    shape,
    data: new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(0.5),
  });
  expect(sizeOf(drawKept(zeros(5, 7, 1)))).toEqual([7, 5]);
  const colour = { shape: [1, 2, 3], data: Float32Array.of(1, 0, 0, 0, 1, 0) };
  const png = drawKept(colour) ?? Buffer.alloc(0);
  expect([...decodePicture(png, 'picture', 3).data]).toEqual([1, 0, 0, 0, 1, 0]);
  // 128 rows of frequencies; 1 + ⌊(4000 − 512) / 256⌋ = 14 frames.
  expect(sizeOf(drawKept(zeros(4000, 1)))).toEqual([14, 128]);
  expect(sizeOf(drawKept(zeros(160_000, 1)))).toEqual([160, 128]);
  for (const shape of [[3999, 1], [5000, 2], [4, 4, 2], [9], [4, 4, 3, 1]]) {
    expect(drawKept(zeros(...shape)), shape.join('×')).toBeUndefined();
  }
});

test('groups of metrics come after the worst and the best, with their numbers and share', async () => {
  const data = await synthetic();
  const { groups, count, batch, pictures } = examplesOf(data);
  expect(groups.map(({ name, mode }) => `${mode} ${name}`)).toEqual([
    'moving worst',
    'moving best',
    'moving collapsed',
    'batch worst',
    'batch best',
    'batch collapsed',
  ]);
  expect([count, batch]).toEqual([30, true]);
  const [worst, , collapsed] = groups;
  expect(worst).toMatchObject({ count: null });
  expect(worst?.explanation).toContain('Content error');
  expect(worst?.metrics.map(({ name }) => name)).toEqual(['content', 'psnr', 'ssim']);
  expect(collapsed?.metrics.map(({ name }) => name)).toEqual(['collapseMargin', 'content', 'psnr']);
  const margins = [...(data.testExamples?.values.get('collapseMargin') ?? [])];
  expect(collapsed?.count).toBe(margins.filter((margin) => margin > 0).length);
  expect(collapsed?.label).toBe('Collapsed');
  const example = collapsed?.examples[3];
  expect(example?.values[0]).toBeCloseTo(margins[3] ?? NaN, 5);
  expect(example?.indexes).toEqual([
    ['reference', 26],
    ['target', 3],
  ]);
  expect(example?.pictures.map(({ label }) => label)).toEqual([
    'reference',
    'input',
    'ground truth',
    'result',
  ]);
  // Twelve examples of four signals, shown in six groups.
  expect(pictures).toHaveLength(48);
});

test('what nobody declared and what cannot be drawn is told by its name and its numbers', async () => {
  const data = await synthetic();
  const signals = new Map([['output', { shape: [3], data: Float32Array.of(1, 2, 3) }]]);
  const examples = new Map([['odd', [{ position: 2, signals }]]]);
  const values = new Map([['score', Float32Array.of(1, 2, 3)]]);
  const indexes = new Map([['example', Float32Array.of(5, 6, 7)]]);
  const about = { update: 40, seed: 1, dataset: data.manifest.dataset.hash };
  const metrics = new DeclaredMetrics([]);
  expect(testExamplesOf({ about, values, indexes, examples }, metrics)).toEqual({
    ...{ update: 40, count: 3, batch: false, pictures: [] },
    groups: [
      {
        ...{ name: 'odd', label: 'odd', explanation: '', mode: 'moving', count: null, metrics: [] },
        examples: [{ indexes: [['example', 7]], values: [], pictures: [] }],
      },
    ],
  });
});

const heard: readonly Metric[] = [
  { name: 'sdr', label: 'SDR', unit: 'dB', better: 'higher', headline: true, value: () => 0 },
];

test('a run of sounds without batch statistics', async () => {
  const data = await synthetic({ signals: 'sounds', metrics: heard, batch: false });
  const { results, charts, testExamples } = await runModel(data, inPage, 0);
  expect(results.map(({ batch, rows }) => [batch, rows.length])).toEqual([
    [false, 1],
    [false, 1],
  ]);
  expect(results[0]?.rows[0]).toMatchObject({ metric: { label: 'SDR', unit: 'dB' }, batch: null });
  const chart = charts.find(({ id }) => id === 'fixed/sdr');
  expect(chart).toMatchObject({ title: 'SDR (dB)', lines: [{ name: 'SDR' }] });
  expect(testExamples?.batch).toBe(false);
  expect(testExamples?.groups.map(({ name }) => name)).toEqual(['worst', 'best']);
  expect(testExamples?.groups[0]?.examples[0]?.pictures).toHaveLength(4);
});

test('what can be played is in the page: the newest result, and all that was given', async () => {
  const data = await synthetic({ signals: 'sounds', metrics: heard, batch: false });
  const samples = await samplesOf(data.source, inPage);
  expect(samples).toMatchObject({ title: 'Examples', count: 4, output: { label: 'result' } });
  expect(samples?.given.map(({ files }) => files.length)).toEqual([4, 4, 4]);
  expect(samples?.frames.map(({ update, files }) => [update, files.length])).toEqual([
    [0, 0],
    [20, 0],
    [40, 4],
  ]);
  const [, content = ''] = samples?.frames.at(-1)?.files[3]?.split(',') ?? [];
  const file = await data.source.bytes('samples/fixed/output-000000040-3.wav');
  // Without loss but for the rounding to 16 bits, and in little more than half, as text.
  const there = await readFlac(Buffer.from(content, 'base64'), 'page');
  const kept = readWav(file ?? Buffer.alloc(0), 'run');
  expect(there.rate).toBe(kept.rate);
  const [heardThere = [], heardHere = []] = [there.channels[0], kept.channels[0]];
  expect(heardThere.length).toBe(heardHere.length);
  expect(Math.max(...heardThere.map((v, n) => Math.abs(v - (heardHere[n] ?? NaN))))).toBeLessThan(
    1e-4,
  );
  expect(content.length).toBeLessThan(0.6 * (file?.length ?? 0));
  expect(samples?.given[0]?.files[0]).toMatch(/^data:audio\/flac;base64,ZkxhQ/);
  const everywhere = await samplesOf(data.source, { ...inPage, played: Infinity });
  expect(everywhere?.frames.map(({ files }) => files.length)).toEqual([4, 4, 4]);
});
