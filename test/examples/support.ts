import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { definePlugin, hashOfSignals, inMemory, RandomStreams, z } from '../../core/index.js';
import type { JsonValue } from '../../core/run/json.js';
import { prepareTiny, trainTiny, type Trained } from '../support/tiny.js';

export const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url));

/** A file of examples/, unless it is the dotted name of a first-party plugin. */
export const specOf = (name: string): string => (existsSync(example(name)) ? example(name) : name);

/** The data set `colours`: noise in red, green and blue, 28 × 28. */
export const colours = definePlugin({
  name: 'test.colours',
  version: '1.0.0',
  summary: 'colour images for tests',
  options: z.strictObject({}),
  setup({ hooks }) {
    const images = (split: string, count: number) => ({
      image: {
        shape: [28, 28, 3],
        data: new RandomStreams(1).at(split).fillUniform(new Float32Array(count * 28 * 28 * 3)),
      },
    });
    hooks.datasets.tap(({ add }) => {
      const [train, test] = [images('train', 12), images('test', 6)];
      add({
        name: 'colours',
        summary: 'noise',
        load: () =>
          Promise.resolve({
            name: 'colours',
            source: 'generated',
            hash: hashOfSignals(train, test),
            train: inMemory(12, train),
            test: inMemory(6, test),
          }),
      });
    });
  },
});

type Values = Readonly<Record<string, JsonValue>>;

/** Adam at a pace at which three updates show. */
const pace = { 'optimizer.adam.learningRate': 1e-3 };

export const prepareExamples = (preset: string, names: readonly string[], values: Values = {}) =>
  prepareTiny(preset, { ...pace, ...values }, [...names.map(specOf), colours]);

/** Trains a tiny network with the examples as plugins. */
export async function trainExamples(
  preset: string,
  names: readonly string[],
  { values = {}, engine = 'cpu', updates = 3 }: TrainOptions = {},
): Promise<Trained> {
  const trained = await trainTiny(await prepareExamples(preset, names, values), engine, updates);
  await trained.session.close();
  return trained;
}

export interface TrainOptions {
  readonly values?: Values;
  readonly engine?: string;
  readonly updates?: number;
}
