import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Medium } from '../core/data/medium.js';
import type { HostTensor } from '../core/engine/types.js';
import { exampleAt } from '../core/evaluation/batch.js';
import type { KeptExample } from '../core/evaluation/highest.js';
import { RandomStreams, type RandomSequence } from '../core/random/streams.js';
import { testExamplesFile, writeTestExamples } from '../core/evaluation/test-examples.js';
import { exampleFile, sampleFile, samplesFolder, sheetFile } from '../lab/samples.js';
import type { SampleRole, SamplesAbout } from '../lab/samples.js';
import { rastersOf } from '../media/figures/rasters.js';
import { encodeTiles } from '../media/figures/tiles.js';
import { imageMedium } from '../media/image/medium.js';
import { waveMedium } from '../media/wave/medium.js';
import { dataset, type SyntheticOptions } from './synthetic-options.js';

const side = 28;
const rate = 8000;
const seconds = 2;

/** Kind of signal: its medium, and one example with noise over it. */
interface Kind {
  readonly medium: Medium;
  readonly shown: number;
  readonly make: (noise: number, random: RandomSequence) => HostTensor;
}

const kinds: Readonly<Record<SyntheticOptions['signals'], Kind>> = {
  images: {
    medium: imageMedium,
    shown: 16,
    make: (noise, random) => ({
      shape: [side, side, 1],
      data: Float32Array.from({ length: side * side }, (_, i) => {
        const [x, y] = [i % side, Math.floor(i / side)];
        const ring = Math.abs(Math.hypot(x - 13.5, y - 13.5) - 8) < 1.5 ? 0.5 : 0;
        return ring + noise * random.uniform();
      }),
    }),
  },
  sounds: {
    medium: waveMedium({ sampleRate: rate }),
    shown: 4,
    make: (noise, random) => ({
      shape: [seconds * rate, 1],
      data: Float32Array.from(
        { length: seconds * rate },
        (_, i) =>
          0.3 * Math.sin((2 * Math.PI * 440 * i) / rate) + 0.3 * noise * (random.uniform() - 0.5),
      ),
    }),
  },
};

/** Noise that fades from a signal: it compresses no better than real outputs do. */
export async function writeSyntheticSamples(path: string, about: SyntheticOptions): Promise<void> {
  const { medium, shown: count, make } = kinds[about.signals];
  const folder = samplesFolder(path, 'fixed');
  await mkdir(folder, { recursive: true });
  const random = new RandomStreams(about.seed).at('samples');
  const columns = Math.ceil(Math.sqrt(count));
  const { width, height, channels } = medium.draw(make(0, random));
  const roleOf = (role: string, label: string): SampleRole => ({
    ...{ role, label, medium: medium.name, width, height, channels },
    ...(medium.plays === true
      ? { kind: 'player', mime: medium.mime, extension: medium.extensions[0] ?? '' }
      : { kind: 'picture', mime: 'image/png', extension: '.png' }),
  });
  const roles = [
    roleOf('reference', 'reference'),
    roleOf('input', 'input'),
    roleOf('target', 'ground truth'),
    roleOf('output', 'output'),
  ];
  const write = async (name: string, noise: number, update?: number) => {
    const role = roles.find((other) => other.role === name);
    if (role === undefined) return;
    const examples = stacked(Array.from({ length: count }, () => make(noise, random)));
    const sheet = update === undefined ? sheetFile(name) : sampleFile(update, name);
    await writeFile(join(folder, sheet), encodeTiles(rastersOf(medium, examples), columns));
    if (role.kind !== 'player') return;
    for (let i = 0; i < count; i++) {
      const file = await medium.encode(exampleAt(examples, i));
      await writeFile(join(folder, exampleFile(role, i, update)), file);
    }
  };
  await write('reference', 0);
  await write('target', 0);
  await write('input', 1);
  for (let update = 0; update <= about.updates; update += about.evaluationEvery) {
    await write('output', 0.6 * (1 - update / about.updates) + 0.1, update);
  }
  const samples: SamplesAbout = { format: 2, count, columns, output: 'output', roles };
  await writeFile(join(folder, 'samples.json'), `${JSON.stringify(samples)}\n`);
}

function stacked(examples: readonly HostTensor[]): HostTensor {
  const [{ shape, data: first } = { shape: [], data: new Float32Array() }] = examples;
  const data = new Float32Array(examples.length * first.length);
  examples.forEach((example, i) => data.set(example.data, i * first.length));
  return { shape: [examples.length, ...shape], data };
}

/** Values of every test example, and kept ones. */
export async function writeSyntheticExamples(
  path: string,
  { testExamples: n, updates, seed, signals, metrics, batch }: SyntheticOptions,
): Promise<void> {
  const random = new RandomStreams(seed).at('test');
  const { make } = kinds[signals];
  const vector = (value: (i: number) => number) =>
    Float32Array.from({ length: n }, (_, i) => value(i));
  const kept = Array.from({ length: Math.min(12, n) }, (_, position): KeptExample => {
    const roles = ['input', 'output', 'reference', 'target'];
    return { position, signals: new Map(roles.map((role) => [role, make(1, random)])) };
  });
  const groups = ['worst', 'best', ...metrics.flatMap(({ group }) => group?.name ?? [])];
  const prefixes = batch ? ['', 'batch/'] : [''];
  const result = {
    indexes: new Map([
      ['target', vector((i) => i)],
      ['reference', vector((i) => n - 1 - i)],
    ]),
    values: new Map(
      prefixes.flatMap((prefix) =>
        metrics
          .filter(({ ofData }) => prefix === '' || ofData !== true)
          .map(({ name, group }) => {
            const values = vector(() => random.uniform() - (group === undefined ? 0 : 0.9));
            return [prefix + name, values] as const;
          }),
      ),
    ),
    examples: new Map(prefixes.flatMap((prefix) => groups.map((g) => [prefix + g, kept] as const))),
  };
  await writeTestExamples(testExamplesFile(path), result, { update: updates, seed, dataset });
}
