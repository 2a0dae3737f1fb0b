import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badSubset, datasetInvalid } from '../errors/data.js';
import { bytesOf } from '../run/bytes.js';
import { firstIssue } from '../run/json.js';
import type { Dataset, Examples, Shape } from './types.js';

/** Numbers in a signal of one example. */
export const sizeOfShape = (shape: Shape): number => shape.reduce((size, side) => size * side, 1);

export interface SignalValues {
  /** Of one example. */
  readonly shape: Shape;
  /** Row-major, one example after the other. */
  readonly data: Float32Array;
}

/**
 * Examples that lie in memory.
 * @throws NcnError `NCN_DATA_INVALID` where a signal does not hold count × its size numbers
 */
export function inMemory(count: number, signals: Readonly<Record<string, SignalValues>>): Examples {
  for (const [name, { shape, data }] of Object.entries(signals)) {
    if (data.length === count * sizeOfShape(shape)) continue;
    const expected = `${count} × [${shape.join(', ')}]`;
    throw datasetInvalid('in memory', `'${name}' has ${data.length} numbers; expected ${expected}`);
  }
  return {
    count,
    signals: Object.fromEntries(Object.entries(signals).map(([name, s]) => [name, s.shape])),
    read(indexes, out) {
      for (const [name, to] of Object.entries(out)) {
        const { shape, data } = signals[name] ?? { shape: [0], data: new Float32Array() };
        const size = sizeOfShape(shape);
        indexes.forEach((index, i) =>
          to.set(data.subarray(index * size, (index + 1) * size), i * size),
        );
      }
    },
  };
}

/** SHA-256 (hex) of values in memory: names in order, shapes, numbers. */
export function hashOfSignals(
  ...splits: readonly Readonly<Record<string, SignalValues>>[]
): string {
  const hash = createHash('sha256');
  for (const split of splits) {
    for (const [name, { shape, data }] of Object.entries(split).sort(([a], [b]) =>
      a < b ? -1 : 1,
    ))
      hash.update(`${JSON.stringify([name, shape, data.length])}\n`).update(bytesOf(data));
  }
  return hash.digest('hex');
}

/**
 * The first examples.
 * @throws NcnError `NCN_DATA_SUBSET` unless `count` is a whole number in 1 … examples.count
 */
export function firstExamples(examples: Examples, count: number): Examples {
  if (!Number.isSafeInteger(count) || count < 1 || count > examples.count) {
    throw badSubset(count, examples.count);
  }
  const { signals } = examples;
  return { count, signals, read: (indexes, out) => examples.read(indexes, out) };
}

/** Examples of which only the shapes matter: all zero. */
export const blankExamples = (count: number, signals: Examples['signals']): Examples => ({
  count,
  signals,
  read(_indexes, out) {
    for (const data of Object.values(out)) data.fill(0);
  },
});

const examplesParts = z.object({
  count: z.unknown(),
  signals: z.record(z.string(), z.array(z.unknown())),
  read: z.custom<Examples['read']>((value) => typeof value === 'function', 'must be a function'),
});

const datasetParts = z.object({
  name: z.string(),
  hash: z.string(),
  source: z.string(),
  train: examplesParts,
  test: examplesParts,
});

/**
 * Checks what a plugin gave: its type was perhaps never compiled.
 * @throws NcnError `NCN_DATA_INVALID`
 */
export function checkDataset(name: string, dataset: Dataset): Dataset {
  const { error } = datasetParts.safeParse(dataset);
  if (error !== undefined) throw datasetInvalid(name, firstIssue(error));
  for (const split of ['train', 'test'] as const) {
    const { count, signals } = dataset[split];
    if (!Number.isSafeInteger(count) || count < 1) {
      throw datasetInvalid(name, `${split} has ${count} examples`);
    }
    for (const [signal, shape] of Object.entries(signals)) {
      if (shape.every((side) => Number.isSafeInteger(side) && side > 0)) continue;
      throw datasetInvalid(
        name,
        `the signal '${signal}' of ${split} has the shape [${shape.join(', ')}]`,
      );
    }
  }
  const ranks = [dataset.train, dataset.test].map(({ signals }) =>
    Object.entries(signals)
      .map(([signal, shape]) => `${signal}/${shape.length}`)
      .sort()
      .join(),
  );
  if (ranks[0] === ranks[1]) return dataset;
  const [train, test] = [dataset.train, dataset.test].map(({ signals }) => shapesText(signals));
  throw datasetInvalid(name, `its splits differ: train has ${train ?? ''}, test ${test ?? ''}`);
}

const shapesText = (signals: Examples['signals']): string =>
  Object.entries(signals)
    .map(([name, shape]) => `${name} [${shape.join(', ')}]`)
    .sort()
    .join(', ');
