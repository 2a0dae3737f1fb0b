import { fileURLToPath } from 'node:url';
import type { JsonValue } from '../../core/run/json.js';
import { prepareTiny, trainTiny, type Trained } from '../support/tiny.js';

export const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url));

type Values = Readonly<Record<string, JsonValue>>;

/** Adam at a pace at which three updates show. */
const pace = { 'optimizer.adam.learningRate': 1e-3 };

export const prepareExamples = (preset: string, names: readonly string[], values: Values = {}) =>
  prepareTiny(preset, { ...pace, ...values }, names.map(example));

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
