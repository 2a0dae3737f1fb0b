import { expect, test } from 'vitest';
import { describeMissing } from '../../../studies/post/conditions.js';
import { analyse } from '../../../studies/post/analysis.js';
import type { ResultRun, Results } from '../../../studies/post/data.js';
import { postExperiments } from '../../../studies/post/experiments.js';
import { above, below, noWin, within, type Sample } from '../../../lab/index.js';
import { errorRatio } from '../../../studies/post/measure.js';
import { markdownOf } from '../../../studies/post/markdown.js';
import { experimentCells, spreadCells } from '../../../studies/post/tables.js';

const level = (...values: number[]): Sample => ({ values, unit: 'level' });
const ratio = (...values: number[]): Sample => ({ values: values.map(Math.log), unit: 'ratio' });

test('a criterion is decided by the side on which the whole interval lies', () => {
  expect(below(level(0.01, 0.02, 0.03), 0.1).verdict).toBe('confirmed');
  expect(below(level(0.9, 0.95, 1), 0.1).verdict).toBe('contradicted');
  expect(below(level(0.01, 0.09, 0.2), 0.1).verdict).toBe('undecided');
  expect(above(level(1, 1, 1), 0.5).verdict).toBe('confirmed');
  expect(above(level(1), 0.5).verdict).toBe('undecided');
  expect(above(level(), 0.5)).toMatchObject({ n: 0, verdict: 'undecided' });
  expect(within(ratio(0.99, 1, 1.01), 0.9, 1.1).verdict).toBe('confirmed');
  expect(within(ratio(1.5, 1.51, 1.52), 0.9, 1.1).verdict).toBe('contradicted');
  expect(within(ratio(0.8, 1, 1.3), 0.9, 1.1).verdict).toBe('undecided');
});

test('an interval is shown on the scale of the ratio', () => {
  // ln: −ln 2, 0, ln 2; mean 0, sd ln 2, half width 4.3027·ln 2/√3
  const measured = below(ratio(0.5, 1, 2), 1.1);
  expect(measured.effect).toBeCloseTo(1, 12);
  expect(measured.high).toBeCloseTo(Math.exp((4.30265 * Math.LN2) / Math.sqrt(3)), 3);
  expect(measured.low).toBeCloseTo(1 / measured.high, 9);
});

test('a win counts only at the level of all comparisons together', () => {
  // Significant alone, at 95 %, but not among twelve.
  const lucky = ratio(0.8, 0.85, 0.9);
  expect(below(lucky, 1).verdict).toBe('confirmed');
  expect(noWin(lucky, 0.95, 12).verdict).not.toBe('contradicted');
  expect(noWin(lucky, 0.95, 1).verdict).toBe('contradicted');
  expect(noWin(ratio(0.8, 0.801, 0.802), 0.9, 12).verdict).toBe('contradicted');
  expect(noWin(ratio(1.2, 1.21, 1.22), 0.9, 12).verdict).toBe('confirmed');
});

/** Results in which only the numbers under test differ. */
function made(change: (preset: string, seed: number) => Partial<ResultRun> = () => ({})): Results {
  const seeds = [1, 2, 3];
  const runs = postExperiments.flatMap((preset) =>
    seeds.map((seed): ResultRun => {
      const content = 0.03 + seed * 1e-4;
      const test = { content, collapseRate: 0.01, psnr: 20, ssim: 0.6 + seed / 1000, black: 0.066 };
      const batch = Object.entries(test).map(([name, value]) => [`batch/${name}`, value]);
      return {
        preset,
        seed,
        state: 'done',
        reason: null,
        conditions: null,
        targetScale: preset === 'dcnn_v3' ? 1 : 0.5,
        test: { ...test, ...(Object.fromEntries(batch) as Record<string, number>) },
        start: { collapseRate: 0.9, 'batch/collapseRate': 0.9 },
        afterPretraining: { content, 'batch/content': content },
        ...change(preset, seed),
      };
    }),
  );
  const settings = 'ncn reproduce';
  return { command: settings, settings, profile: 'made up', seeds, runs };
}

const verdicts = (results: Results): Record<string, string> =>
  Object.fromEntries(analyse(results).claims.map(({ id, moving }) => [id, moving]));

test('errors are paired by seed and relative to the scale of the target', () => {
  const results = made();
  expect(errorRatio(results, 'dcnn_v3', 'dcnn_v1', 'moving').values.map(Math.exp)).toEqual([
    expect.closeTo(0.5, 12),
    expect.closeTo(0.5, 12),
    expect.closeTo(0.5, 12),
  ]);
  const lacking = { ...results, runs: results.runs.filter(({ seed }) => seed !== 2) };
  expect(errorRatio(lacking, 'dcnn_v2', 'dcnn_v1', 'moving').values).toHaveLength(2);
});

test('where all experiments are equal, collapses are contradicted and level claims confirmed', () => {
  expect(verdicts(made())).toMatchObject({
    C1: 'confirmed',
    C2: 'contradicted',
    C4: 'contradicted',
    C6: 'confirmed',
    C7: 'confirmed',
    C9: 'confirmed',
    C10: 'confirmed',
    C11: 'confirmed',
  });
});

test('where the failing GANs collapse, C4 and C5 are confirmed', () => {
  const failing = ['dcgans_v2', 'dcgans_v3', 'dcgans_v5', 'dcgans_v6'];
  const results = made((preset, seed) =>
    failing.includes(preset) ? { test: { content: 0.2, collapseRate: 0.9 + seed / 100 } } : {},
  );
  expect(verdicts(results)).toMatchObject({ C4: 'confirmed', C5: 'confirmed' });
});

test('what is missing leaves claims undecided, and the page says what it is', () => {
  const results = made((preset, seed) =>
    preset === 'dcnn_v1' && seed > 1
      ? { state: 'failed', reason: 'Training\n\u001b[31mdiverged', test: null, start: null }
      : {},
  );
  expect(verdicts(results)).toMatchObject({ C1: 'undecided', C11: 'undecided', C9: 'confirmed' });
  const page = markdownOf([analyse(results)], [new Map()]);
  expect(page).toContain('dcnn_v1: seed 2 failed (Training diverged)');
  // A page of several scales keeps them apart, and says where they differ.
  const small: Results = { ...made(), profile: 'small' };
  const both = markdownOf([analyse(small), analyse(results)], []);
  expect(both).toMatch(/\| C1 \|.*\| confirmed \| undecided: too few seeds \| – \| confirmed \|/);
  expect(both).toMatch(/\| C9 \|.*\| confirmed \| confirmed \| yes \| undecided \|/);
  expect(both).toContain('## The experiments, profile small');
  const wide = made((preset, seed) =>
    preset === 'dcnn_v2' ? { test: { content: 0.02 * seed, 'batch/content': 0.03 } } : {},
  );
  expect(markdownOf([analyse(small), analyse(wide)], [])).toMatch(
    /\| C1 \|.*\| confirmed \| undecided \| no \| confirmed \|/,
  );
  const nothing = { ...results, runs: [] };
  expect(new Set(Object.values(verdicts(nothing)))).toEqual(new Set(['undecided']));
  expect(markdownOf([analyse(nothing)], [new Map()])).toContain('no run is done yet');
});

test('a seed that lacks a number is told, in its cell and among what is missing', () => {
  const results = made((preset, seed) =>
    preset === 'dcnn_v2' && seed === 2 ? { test: { psnr: 20 } } : {},
  );
  const row = analyse(results).rows.find(({ preset }) => preset === 'dcnn_v2');
  expect(row && experimentCells(row)[4]).toMatch(/ \(2 of 3\)$/);
  expect(row && experimentCells(row)[6]).not.toContain('of');
  expect(row && spreadCells(row)[3]).toMatch(/ \(2 of 3\)$/);
  expect(describeMissing(results, ['dcnn_v1', 'dcnn_v2'])).toEqual([
    expect.stringMatching(/^dcnn_v2: seed 2 without content, batch\/content, batch\/psnr, ssim/),
  ]);
});
