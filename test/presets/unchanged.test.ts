import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openExperiment, type LoadedDatasets } from '../../core/index.js';
import { CheckpointStore } from '../../core/run/checkpoints.js';
import { digestOf, processor, type RunDigest } from '../support/digest.js';
import { long } from '../support/long.js';
import { presetNames } from '../support/presets.js';

const numbers = z.record(z.string(), z.number());
const recorded = z
  .object({
    about: z.string(),
    processor: z.string(),
    engine: z.string(),
    runs: z.record(z.string(), z.object({ tensors: z.string(), norms: numbers, metrics: numbers })),
    /** The same program on other kinds of processor. */
    others: z.array(
      z.object({
        processor: z.string(),
        engine: z.string(),
        runs: z.record(z.string(), z.object({ tensors: z.string(), metrics: numbers })),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'unchanged.json'), 'utf8')));

/** They draw what was computed, and take part in nothing. */
const without = ['images', 'samples', 'filmstrip', 'tensorboard'];

/** Loaded by the first of them. */
const datasets: LoadedDatasets = new Map();

/** Runs a preset as `recorded.about` says. */
async function train(preset: string): Promise<RunDigest & { engine: string }> {
  const experiment = await openExperiment(preset, {
    ...{ profile: 'quick', dataset: 'glyphs', updates: 40, seed: 1, threads: 1 },
    ...{ without, datasets },
  });
  try {
    const directory = join(mkdtempSync(join(tmpdir(), 'ncn-unchanged-')), 'run');
    const { outcome, results } = await experiment.train({ directory });
    expect(outcome).toBe('finished');
    const store = new CheckpointStore(join(directory, 'checkpoints'));
    const { tensors } = await store.latestValid((damage) => {
      throw new Error(damage);
    });
    const { name, version, device } = (await experiment.manifest()).engine;
    const digest = digestOf(tensors, Object.fromEntries(results));
    return { ...digest, engine: `${name} (${version}), ${device}` };
  } finally {
    await experiment.close();
  }
}

/**
 * A processor that nothing was recorded on rounds differently, as does another order of adding. Metrics with batch
 * statistics then agree to five digits; moving averages, which the updates of a GAN reach through many divisions, to
 * less than two, and shares to some images in a thousand (measured between AVX2 and AVX-512: 1.03e-6 and 3.1e-3;
 * between two ways to add up the gradients of filters: 1.7e-6, 1.9e-2 and 6.5e-3; between an AMD and an Intel
 * processor and two ways to compute convolutions to few channels: 1.1e-6, 6.4e-3 and 1.5e-3). Pre-training makes
 * `dcgans_v7` twice as long: it is off by 3.1e-4 there, the norms of its tensors by 8.7e-3, and by 1.4e-3 on an AMD
 * processor without AVX-512.
 */
const digits = (preset: string, metric: string, exact: boolean): number => {
  if (exact) return 1e-9;
  if (!metric.includes('/batch/') || metric.includes('collapse')) return 3e-2;
  return preset === 'dcgans_v7' ? 5e-3 : 5e-6;
};

type Numbers = Readonly<Record<string, number>>;

function expectClose(got: Numbers, expected: Numbers, limit: (name: string) => number): void {
  for (const [name, value] of Object.entries(expected)) {
    const difference = Math.abs((got[name] ?? NaN) - value) / Math.max(1, Math.abs(value));
    expect(difference, name).toBeLessThan(limit(name));
  }
}

/** One of each kind of experiment; a run of one takes up to ten seconds. */
const often = new Set(['dcnn_v1', 'dcgans_v6', 'conditional_v5']);
const later = presetNames.filter((preset) => !long && !often.has(preset));
if (later.length > 0) console.log(`${later.join(', ')}: compared in npm run test:long.`);

for (const preset of presetNames) {
  test
    .skipIf(later.includes(preset))
    .concurrent(`${preset} computes what it did before`, { timeout: 300_000 }, async () => {
      const expected = recorded.runs[preset];
      if (expected === undefined) throw new Error(`nothing is recorded of ${preset}`);
      const got = await train(preset);
      const here = [recorded, ...recorded.others].find(
        (other) => processor() === other.processor && got.engine === other.engine,
      )?.runs[preset];
      const exact = here !== undefined;
      expectClose(got.metrics, (here ?? expected).metrics, (metric) =>
        digits(preset, metric, exact),
      );
      if (exact) expect(got.tensors).toBe(here.tensors);
      else expectClose(got.norms, expected.norms, () => (preset === 'dcgans_v7' ? 3e-2 : 1e-2));
    });
}
