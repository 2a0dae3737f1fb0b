import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openExperiment, openRun } from '../../core/index.js';
import { RandomStreams } from '../../core/random/streams.js';
import { applyNetwork, initialParameters } from '../../core/step/declare.js';
import { tf } from '../../core/tf.js';
import data from '../../examples/waves/data.js';
import medium, { waves as waveMedium } from '../../examples/waves/medium.js';
import metrics, { snr } from '../../examples/waves/metrics.js';
import mixture from '../../examples/waves/mixture.js';
import network from '../../examples/waves/network.js';
import { conformance } from '../../lab/testing/index.js';
import { prepareTiny } from '../../lab/testing/prepare.js';
import {
  expectAgreement,
  expectExport,
  expectResume,
  manifestOf,
  presetFile,
} from './preset-checks.js';

const experiment = {
  preset: presetFile('waves'),
  values: {
    dataset: 'waves',
    'waves.data.length': 64,
    'waves.data.train': 50,
    'waves.data.test': 20,
    'waves.network.width': 3,
  },
};

const read = async (
  name: string,
  indexes: readonly number[],
  split: 'train' | 'test' = 'train',
) => {
  const { dataset } = await prepareTiny(experiment);
  const out = new Float32Array(indexes.length * 64);
  await dataset[split].read(Uint32Array.from(indexes), { [name]: out });
  return out;
};

test('a waveform is the same whatever else is read, and another for each index and split', async () => {
  const first = await read('tones', [7]);
  expect((await read('tones', [3, 7, 7])).subarray(64)).toEqual(
    Float32Array.of(...first, ...first),
  );
  expect(await read('tones', [8])).not.toEqual(first);
  expect(await read('tones', [7], 'test')).not.toEqual(first);
  expect(Math.max(...first.map(Math.abs))).toBeLessThanOrEqual(1);
  expect(Math.max(...first.map(Math.abs))).toBeGreaterThan(0.05);
});

test('the noise is normal', async () => {
  const all = await read(
    'noise',
    Array.from({ length: 50 }, (_, i) => i),
  );
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
  // Four standard errors.
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(all.length));
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / all.length));
});

test('the signal-to-noise ratio, worked out by hand', () => {
  const target = Float32Array.of(3, 4);
  expect(snr(Float32Array.of(3, 3.5), target)).toBeCloseTo(20, 6); // 25 / 0.25
  expect(snr(new Float32Array(2), target)).toBeCloseTo(0, 6);
  expect(snr(target, target)).toBe(Infinity);
});

test('no output of the network depends on what follows', async () => {
  await tf.setBackend('cpu');
  const { built } = await prepareTiny(experiment);
  const canceller = built.networks.get('canceller');
  if (canceller === undefined) throw new Error('no network');
  const state = new Map(
    [...initialParameters(canceller, new RandomStreams(3))].map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape]),
    ]),
  );
  const wave = (end: number) =>
    tf.tensor3d(
      Float32Array.from({ length: 64 }, (_, t) => Math.sin(t) + (t >= 40 ? end : 0)),
      [1, 64, 1],
    );
  const run = (end: number) =>
    applyNetwork(canceller, state, { input: wave(end), reference: wave(0) }, 'moving').dataSync();
  const [one, other] = [run(0), run(1)];
  expect(other.slice(0, 40)).toEqual(one.slice(0, 40));
  expect(other[40]).not.toBe(one[40]);
});

test('the plot of a wave: its extremes in rows 0 and 63, each column filled between', () => {
  const wave = Float32Array.from({ length: 512 }, (_, t) => Math.cos((2 * Math.PI * t) / 128));
  const { width, height, data: pixels } = waveMedium.draw({ shape: [512, 1], data: wave });
  const dark = (row: number): number[] =>
    [...pixels.subarray(row * width, (row + 1) * width)].flatMap((p, x) => (p === 0 ? [x] : []));
  expect([width, height]).toEqual([256, 64]);
  // Tops at values 0, 128, 256, 384: two values a column.
  for (const top of [0, 64, 128, 192]) expect(dark(0)).toContain(top);
  expect(dark(0)).not.toContain(32);
  for (const bottom of [32, 96, 160, 224]) expect(dark(63)).toContain(bottom);
  for (let x = 0; x < width; x++) {
    const rows = Array.from({ length: height }, (_, y) => y).filter(
      (y) => pixels[y * width + x] === 0,
    );
    expect((rows.at(-1) ?? NaN) - (rows[0] ?? NaN)).toBe(rows.length - 1);
  }
});

test('a wave is written as text, and read again', async () => {
  const wave = { shape: [3, 1], data: Float32Array.of(0.1, -1, 1e-9) };
  const bytes = await waveMedium.encode(wave);
  expect(await waveMedium.decode(bytes, 'a.txt', [3, 1])).toEqual(wave.data);
  expect(() => waveMedium.decode(bytes, 'a.txt', [4, 1])).toThrow('a.txt: 4 numbers were expected');
});

test('it trains, and the compiled engine agrees with cpu', () => expectAgreement(experiment));

test('resuming is bit-exact', () => expectResume(experiment));

test('the exported network computes what tf.js computes', () => expectExport(experiment, 3));

test('in pieces it gives what it gives of the whole, from either engine', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'ncn-waves-')), 'run');
  const opened = await openExperiment(experiment.preset, {
    ...{ set: experiment.values, updates: 2, engine: 'cpu' },
  });
  await opened.train({ directory });
  const input = await read('tones', [0]);
  const reference = await read('noise', [0]);
  const whole = (await opened.infer({ input, reference })).data;
  for (const engine of ['cpu', 'compiled']) {
    const run = await openRun(directory, { engine });
    const stream = await run.stream();
    expect([stream.hop, stream.latency, stream.update]).toEqual([16, 0, 2]);
    for (const again of [false, true]) {
      if (again) await stream.reset();
      const parts: number[] = [];
      for (let at = 0; at < 64; at += 16) {
        const piece = (x: Float32Array): Float32Array => x.slice(at, at + 16);
        parts.push(...(await stream.push({ input: piece(input), reference: piece(reference) })));
      }
      expect(parts.length).toBe(64);
      parts.forEach((value, i) => expect(value).toBeCloseTo(whole[i] ?? NaN, 5));
    }
    const short = { input: input.slice(0, 15), reference: reference.slice(0, 16) };
    await expect(stream.push(short)).rejects.toMatchObject({ code: 'NCN_INPUT_SIZE' });
    await expect(stream.push({ input })).rejects.toMatchObject({ code: 'NCN_INPUT_MISSING' });
    await stream.close();
    await stream.close();
    await expect(stream.push({ input, reference })).rejects.toMatchObject({
      code: 'NCN_OPEN_CLOSED',
    });
    await run.close();
  }
  await opened.close();
});

test('the metric’s unit and direction reach the manifest', async () => {
  expect(await manifestOf(experiment)).toMatchObject({
    main: 'canceller',
    roles: { input: [64, 1], reference: [64, 1], target: [64, 1], output: [64, 1] },
    metrics: [{ name: 'snr', label: 'SNR', unit: 'dB', better: 'higher', headline: true }],
  });
});

const parts = [data, mixture, network, metrics, medium];

describe.each(parts)('the plugin $name', (plugin) => {
  const checks = conformance(plugin, {
    plugins: parts.filter((other) => other !== plugin),
    without: ['augmentation', 'generator.resconvnet', 'image.metrics', 'image.medium'],
    values: experiment.values,
  });
  for (const { name, run } of checks) test(name, run);
});
