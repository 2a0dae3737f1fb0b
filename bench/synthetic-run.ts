import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeTiles } from '../media/figures/tiles.js';
import { RandomStreams } from '../core/random/streams.js';
import { canonicalJsonLine } from '../core/run/json.js';
import { sampleFile, samplesFolder } from '../lab/samples.js';
import { testImagesFile, writeTestImages } from '../media/image/test-images.js';
import type { Manifest } from '../core/run/manifest.js';

export interface SyntheticRun {
  readonly updates: number;
  /** Updates between lines of metrics.jsonl, and between evaluations. */
  readonly metricsEvery: number;
  readonly evaluationEvery: number;
  readonly testImages: number;
  readonly seed?: number;
}

const side = 28;
const shown = 16;
const dataset = 'synthetic'.padEnd(64, '0');

/** Writes the folder of a finished run whose numbers are made up, of any length, in seconds. */
export async function writeSyntheticRun(path: string, about: SyntheticRun): Promise<void> {
  const { updates, seed = 1 } = about;
  await mkdir(path, { recursive: true });
  const manifest: Manifest = {
    format: 1,
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
      trainImages: 60_000,
      testImages: about.testImages,
    },
    plugins: { samples: '1.0.0' },
    networks: {},
    phases: [{ name: 'main', updates }],
    environment: {},
  };
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
  await writeFile(join(path, 'metrics.jsonl'), metrics(about));
  await writeSamples(path, about);
  await writeValues(path, about);
}

function metrics({ updates, metricsEvery, evaluationEvery, seed = 1 }: SyntheticRun): string {
  const random = new RandomStreams(seed).at('metrics');
  const noisy = (y: number): number => y * (0.9 + 0.2 * random.uniform());
  const lines: string[] = [];
  const evaluate = (name: string, update: number): void => {
    const loss = noisy(0.4 * Math.exp(-update / (updates / 6)) + 0.03);
    const one = {
      content: loss,
      mse: loss / 5,
      crossEntropy: loss * 1.3,
      psnr: -20 * Math.log10(loss),
      ssim: 1 - loss,
      collapseRate: loss / 2,
    };
    const both = Object.entries(one).flatMap(([k, v]) => [
      [k, v],
      [`batch/${k}`, noisy(v)],
    ]);
    lines.push(
      canonicalJsonLine({
        type: 'evaluation',
        name,
        update,
        metrics: Object.fromEntries(both) as Record<string, number>,
      }),
    );
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

/** Noise that fades from a picture: it compresses no better than real outputs do. */
async function writeSamples(path: string, about: SyntheticRun): Promise<void> {
  const folder = samplesFolder(path, 'fixed');
  await mkdir(folder, { recursive: true });
  const random = new RandomStreams(about.seed ?? 1).at('samples');
  const picture = (noise: number): Buffer => {
    const pixels = Float32Array.from({ length: shown * side * side }, (_, i) => {
      const [x, y] = [i % side, Math.floor(i / side) % side];
      const ring = Math.abs(Math.hypot(x - 13.5, y - 13.5) - 8) < 1.5 ? 0.5 : 0;
      return ring + noise * random.uniform();
    });
    return encodeTiles({ count: shown, height: side, width: side, pixels }, 4);
  };
  const write = async (file: string, noise: number) =>
    writeFile(join(folder, file), picture(noise));
  await write('reference.png', 0);
  await write('target.png', 0);
  await write('input.png', 1);
  for (let update = 0; update <= about.updates; update += about.evaluationEvery) {
    await write(sampleFile(update), 0.6 * (1 - update / about.updates) + 0.1);
  }
  const samples = { format: 1, count: shown, height: side, width: side, columns: 4 };
  await writeFile(join(folder, 'samples.json'), `${JSON.stringify(samples)}\n`);
}

async function writeValues(path: string, { testImages: n, updates, seed = 1 }: SyntheticRun) {
  const random = new RandomStreams(seed).at('test');
  const vector = (make: (i: number) => number) =>
    Float32Array.from({ length: n }, (_, i) => make(i));
  const image = () => Float32Array.from({ length: side * side }, () => random.uniform());
  const examples = Array.from({ length: Math.min(12, n) }, (_, position) => ({
    position,
    input: image(),
    reference: image(),
    target: image(),
    output: image(),
  }));
  const modes = ['', 'batch/'];
  const result = {
    targets: vector((i) => i),
    references: vector((i) => n - 1 - i),
    values: new Map(
      modes.flatMap((mode) =>
        ['content', 'mse', 'psnr', 'ssim', 'collapseMargin'].map((name) => [
          mode + name,
          vector(() => random.uniform() - (name === 'collapseMargin' ? 0.9 : 0)),
        ]),
      ),
    ),
    examples: new Map(
      modes.flatMap((mode) =>
        ['worst', 'best', 'collapsed'].map((name) => [mode + name, examples]),
      ),
    ),
    height: side,
    width: side,
  };
  await writeTestImages(testImagesFile(path), result, { update: updates, seed, dataset });
}
