import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeMetric, type KnownMetric } from '../core/evaluation/metric.js';
import { RandomStreams } from '../core/random/streams.js';
import { canonicalJsonLine } from '../core/run/json.js';
import type { Manifest } from '../core/run/manifest.js';
import { imageMetrics } from '../media/image/metrics/metrics.js';
import { dataset, type SyntheticOptions, type SyntheticRun } from './synthetic-options.js';
import { writeSyntheticExamples, writeSyntheticSamples } from './synthetic-signals.js';

/** Writes the folder of a finished run whose numbers are made up, of any length, in seconds. */
export async function writeSyntheticRun(path: string, given: SyntheticRun): Promise<void> {
  const about: SyntheticOptions = {
    ...{ seed: 1, signals: 'images', metrics: imageMetrics, batch: true },
    ...given,
  };
  const { updates, metrics } = about;
  await mkdir(path, { recursive: true });
  const manifest = manifestOf(about, metrics.map(describeMetric));
  const values = [
    { path: 'updates', value: updates, origin: 'made up', type: 'integer', description: 'updates' },
  ];
  const config = {
    format: 1,
    preset: 'synthetic',
    profile: 'documented',
    variant: null,
    plugins: [],
    values,
  };
  const json = async (name: string, value: unknown) =>
    writeFile(join(path, name), `${JSON.stringify(value)}\n`);
  await json('manifest.json', manifest);
  await json('config.json', config);
  await json('status.json', { state: 'finished', time: manifest.created, update: updates });
  await writeFile(join(path, 'metrics.jsonl'), eventsOf(about));
  await writeSyntheticSamples(path, about);
  await writeSyntheticExamples(path, about);
}

function manifestOf(
  { updates, seed, testExamples, signals }: SyntheticOptions,
  metrics: KnownMetric[],
): Manifest {
  const shape = signals === 'images' ? [28, 28, 1] : [16_000, 1];
  return {
    format: 2,
    ncn: '0.0.0',
    preset: 'synthetic',
    profile: 'documented',
    variant: null,
    seed,
    created: '2026-01-01T00:00:00.000Z',
    commandLine: ['--preset', 'synthetic', '--set', "note=it's <b>made</b> up"],
    gitCommit: null,
    engine: { name: 'none', version: '', device: '' },
    dataset: {
      name: 'synthetic',
      hash: dataset,
      source: 'made up',
      notice: 'These numbers are made up.',
      trainExamples: 60_000,
      testExamples,
    },
    main: 'generator',
    roles: { input: shape, reference: shape, target: shape },
    metrics,
    plugins: { samples: '2.0.0' },
    networks: {},
    phases: [{ name: 'main', updates }],
    environment: {},
  };
}

/** The content of metrics.jsonl. */
function eventsOf(about: SyntheticOptions): string {
  const { updates, metricsEvery, evaluationEvery, seed, batch } = about;
  const random = new RandomStreams(seed).at('metrics');
  const noisy = (y: number): number => y * (0.9 + 0.2 * random.uniform());
  const lines: string[] = [];
  const evaluate = (name: string, update: number): void => {
    const loss = noisy(0.4 * Math.exp(-update / (updates / 6)) + 0.03);
    const metrics: Record<string, number> = {};
    for (const metric of about.metrics) {
      if (metric.summary === 'none') continue;
      const value =
        metric.unit === 'dB'
          ? -20 * Math.log10(loss)
          : metric.better === 'higher'
            ? 1 - loss
            : loss;
      metrics[metric.name] = noisy(value);
      if (batch && metric.ofData !== true) metrics[`batch/${metric.name}`] = noisy(value);
    }
    lines.push(canonicalJsonLine({ type: 'evaluation', name, update, metrics }));
  };
  evaluate('fixed', 0);
  for (let update = metricsEvery; update <= updates; update += metricsEvery) {
    const loss = 0.4 * Math.exp(-update / (updates / 6)) + 0.03;
    lines.push(
      canonicalJsonLine({
        type: 'update',
        update,
        phase: 'main',
        metrics: {
          'discriminator/accuracy': noisy(0.7),
          'discriminator/discrimination': noisy(0.6),
          'discriminator/fake': noisy(0.4),
          'discriminator/loss': noisy(0.6),
          'discriminator/real': noisy(0.6),
          'generator/adversarial': noisy(0.5),
          'generator/content': noisy(loss),
          'generator/loss': noisy(loss + 0.5),
        },
        scalars: {
          'weight/discriminator/discrimination': 1,
          'weight/generator/adversarial': 1,
          'weight/generator/content': update > updates * 0.4 ? 100 : 1,
        },
      }),
    );
    if (update % evaluationEvery === 0) evaluate('fixed', update);
  }
  evaluate('test', updates);
  return `${lines.join('\n')}\n`;
}
