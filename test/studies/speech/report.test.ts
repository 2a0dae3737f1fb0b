import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  claims,
  speechExperiments,
  speechRows,
  speechVariants,
  together,
} from '../../../studies/speech/claims.js';
import { experimentRow, judge, markdownOf, missingRuns } from '../../../studies/speech/report.js';
import type { SpeechRun } from '../../../studies/speech/runs.js';
import { addToDocuments, documentedScales } from '../../../studies/speech/write.js';
import { presetNames } from '../../support/presets.js';
import { PresetLibrary } from '../../../core/experiment/library.js';

const run = (preset: string, seed: number, test: Record<string, number>): SpeechRun => ({
  ...{ preset, seed, state: 'done', test, dataset: 'speech', engine: 'compiled' },
  ...{ updates: 430, notice: 'Trained on embedded synthetic sounds.' },
});

/** Three seeds of each, with the same spread. */
const three = (preset: string, sdr: number, more: Record<string, number> = {}): SpeechRun[] =>
  [1, 2, 3].map((seed) => run(preset, seed, { sdr: sdr + 0.1 * seed, stoi: 0.8, ...more }));

const verdictOf = (id: string, runs: readonly SpeechRun[]) =>
  judge(runs).find(({ claim }) => claim.id === id)?.verdict;

test('the sixteen are presets, each claim names some of them, and ids are in order', async () => {
  const library = await PresetLibrary.load();
  for (const preset of speechExperiments) await expect(library.open(preset)).resolves.toBeDefined();
  expect(new Set(speechExperiments).size).toBe(16);
  for (const { preset, variant } of speechVariants) {
    expect(
      Object.keys(library.list().find(({ name }) => name === preset)?.variants ?? {}),
    ).toContain(variant);
  }
  expect(presetNames).not.toContain(speechExperiments[0]);
  expect(claims.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, i) => `S${i + 1}`));
  for (const { parts } of claims) {
    expect(parts.length).toBeGreaterThan(0);
    for (const { presets } of parts) {
      for (const preset of presets) expect(speechRows).toContain(preset);
    }
  }
});

test('verdicts, worked out by hand', () => {
  const plain = three('speech_cnn_v1', 12);
  // Equal differences have an interval of no width.
  expect(verdictOf('S7', [...plain, ...three('speech_cnn_v3', 11)])).toBe('confirmed');
  expect(verdictOf('S7', [...plain, ...three('speech_cnn_v3', 12.4)])).toBe('contradicted');
  expect(verdictOf('S6', [...plain, ...three('speech_cnn_v2', 12.2)])).toBe('confirmed');
  expect(verdictOf('S6', [...plain, ...three('speech_cnn_v2', 12.9)])).toBe('contradicted');
  expect(verdictOf('S8', [...plain, ...three('speech_cnn_v5', 9)])).toBe('contradicted');
  // One seed decides nothing, and nothing measured is nothing decided.
  expect(verdictOf('S7', [...plain, run('speech_cnn_v3', 1, { sdr: 5 })])).toBe('undecided');
  expect(verdictOf('S1', plain)).toBe('undecided');
  const collapsed = ['v2', 'v3', 'v5', 'v6'].flatMap((v) =>
    three(`speech_gans_${v}`, 5, { collapseRate: 0.9 }),
  );
  expect(verdictOf('S3', collapsed)).toBe('confirmed');
  expect(
    verdictOf('S3', [...collapsed.slice(3), ...three('speech_gans_v2', 5, { collapseRate: 0 })]),
  ).toBe('contradicted');
});

test('the network is put beside other methods on the same clips, seed by seed', () => {
  const beside = (lead: number) => ({
    ...{ stoi: 0.8, dnsmos: 2.5, sdrSpeex: 12 - lead, stoiSpeex: 0.7, dnsmosSpeex: 2.2 },
    ...{ sdrGtcrn: 12.15, stoiGtcrn: 0.79, dnsmosGtcrn: 2.4 },
  });
  const runs = three('speech_cnn_v1', 12, beside(2));
  expect(verdictOf('S10', runs)).toBe('confirmed');
  // 12.1, 12.2 and 12.3 dB against 12.15: on both sides.
  expect(verdictOf('S12', runs)).toBe('undecided');
  const part = judge(runs).find(({ claim }) => claim.id === 'S12')?.measured[0];
  expect(part?.effect).toBeCloseTo(0.05, 6);
  expect(verdictOf('S10', three('speech_cnn_v1', 12, beside(-2)))).toBe('contradicted');
});

test('parts together: one that is contradicted decides', () => {
  expect(together(['confirmed', 'contradicted', 'undecided'])).toBe('contradicted');
  expect(together(['confirmed', 'undecided'])).toBe('undecided');
  expect(together(['confirmed', 'confirmed'])).toBe('confirmed');
  expect(together([])).toBe('undecided');
});

test('the report says what was measured, what was not, and on which data', () => {
  const runs = [...three('speech_cnn_v1', 12), ...three('speech_cnn_v3', 11)];
  expect(experimentRow(runs, 'speech_cnn_v1').slice(0, 3)).toEqual([
    'speech_cnn_v1',
    '3',
    '12.20 ± 0.25',
  ]);
  expect(missingRuns(runs, [1, 2, 3, 4])).toContain('speech_cnn_v1: seed 4');
  const lacking = [run('speech_cnn_v1', 4, { stoi: 0.8 }), ...runs];
  expect(missingRuns(lacking, [1, 2, 3, 4])).toContain('speech_cnn_v1: seed 4 without SDRf dB');
  expect(experimentRow(lacking, 'speech_cnn_v1')[2]).toBe('12.20 ± 0.25 (3 of 4)');
  const settings = 'ncn reproduce speech --profile quick';
  const about = { command: settings, settings, profile: 'quick', seeds: [1, 2, 3] };
  const text = markdownOf([{ ...about, runs }]);
  expect(text).toContain('**Trained on embedded synthetic sounds.**');
  expect(text).toMatch(/\| S7 \| A target of constant scale is worse \| confirmed \|/);
  expect(text).toMatch(/\| S10 \| .* \| not measured \|/);
  expect(text).toContain('S10: not measured. It needs libspeexdsp');
  expect(text).toContain('- speech_gans_v1: seed 1, 2, 3');
  expect(text).toContain('Every claim that was measured could be decided.');
  const one = [run('speech_cnn_v1', 1, { sdr: 12 }), run('speech_cnn_v2', 1, { sdr: 12 })];
  expect(markdownOf([{ ...about, runs: one }])).toContain('Undecided at this scale: S6.');
});

test('the page in the documents is what the data files of the seeds say', async () => {
  const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
  const scales = await documentedScales(docs);
  expect(scales.flatMap(({ seeds }) => seeds).length).toBeGreaterThan(0);
  expect(await readFile(join(docs, 'results-speech.md'), 'utf8')).toBe(markdownOf(scales));
});

test('seeds are kept one by one, and a later sweep adds to them', async () => {
  const docs = await mkdtemp(join(tmpdir(), 'ncn-speech-'));
  const scale = (seed: number, presets: readonly string[], more = '') => ({
    settings: `ncn reproduce speech --profile quick${more}`,
    ...{ command: '', profile: 'quick', seeds: [seed] },
    runs: presets.map((preset) => run(preset, seed, { sdr: 10 + seed })),
  });
  await addToDocuments(docs, scale(1, ['speech_cnn_v1']));
  await addToDocuments(docs, scale(3, ['speech_cnn_v1']));
  await addToDocuments(docs, scale(1, ['speech_cnn_v3']));
  const [first, second] = await documentedScales(docs);
  expect(second).toBeUndefined();
  expect(first?.command).toBe('ncn reproduce speech --profile quick --seeds 1,3');
  expect(first?.runs.map(({ preset, seed }) => [preset, seed])).toEqual([
    ['speech_cnn_v1', 1],
    ['speech_cnn_v3', 1],
    ['speech_cnn_v1', 3],
  ]);
  // Other settings are another scale: they are not averaged with these.
  await addToDocuments(docs, scale(2, ['speech_cnn_v1'], ' --set batch=8'));
  expect((await documentedScales(docs)).map(({ seeds }) => seeds)).toEqual([[1, 3], [2]]);
  // What is not done is not kept, and does not replace what is.
  const failed = scale(1, ['speech_cnn_v1']);
  const runs = failed.runs.map((other) => ({ ...other, state: 'failed', test: {} }));
  await addToDocuments(docs, { ...failed, runs });
  expect((await documentedScales(docs))[0]?.runs).toHaveLength(3);
});
