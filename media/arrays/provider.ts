import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { hashOfSignals, inMemory, type SignalValues } from '../../core/data/examples.js';
import type { Dataset, DatasetProvider, Examples } from '../../core/data/types.js';
import { arrayInvalid, arraysUnfit, placeMissing } from '../errors/sets.js';
import { fileMissing, fileUnreadable, twoFolders } from '../errors/data.js';
import { errorCode } from '../files/content.js';
import { checkFolder } from '../files/places.js';
import { readNpy, type NumberArray } from './npy.js';

type Split = 'train' | 'test';

/** `train_image`, `train/image`, `image_train`: which signal of which split an array is. */
function meaning(name: string): readonly [Split, string] | undefined {
  const parts = /^(train|test)[_./-](.+)$/.exec(name) ?? /^(.+)[_./-](train|test)$/.exec(name);
  const [, first = '', second = ''] = parts ?? [];
  if (first === 'train' || first === 'test') return [first, second];
  return second === 'train' || second === 'test' ? [second, first] : undefined;
}

/** [H, W] of bytes are a grey picture, [H, W, 1]. */
const isPicture = (bytes: boolean, { shape }: NumberArray): boolean => bytes && shape.length === 3;

/** @param arrays by name, each with whether it was of unsigned bytes */
function datasetOf(
  name: string,
  source: string,
  arrays: ReadonlyMap<string, readonly [bytes: boolean, array: NumberArray]>,
): Dataset {
  const splits = { train: new Map<string, SignalValues>(), test: new Map<string, SignalValues>() };
  const counts: Record<Split, number | undefined> = { train: undefined, test: undefined };
  for (const [array, [bytes, values]] of arrays) {
    const found = meaning(array);
    if (found === undefined) continue;
    const [split, signal] = found;
    const [count = 0, ...shape] = values.shape;
    const known = (counts[split] ??= count);
    if (known !== count) {
      throw arraysUnfit(source, `'${array}' has ${count} examples, another of ${split} ${known}`);
    }
    const own = isPicture(bytes, values) ? [...shape, 1] : shape;
    splits[split].set(signal, { shape: own, data: values.data });
  }
  const examples = (split: Split): [Examples, Record<string, SignalValues>] => {
    const signals = Object.fromEntries(splits[split]);
    const count = counts[split];
    if (count !== undefined) return [inMemory(count, signals), signals];
    const there = [...arrays.keys()].join(', ') || 'none';
    throw arraysUnfit(source, `none is of the split '${split}'; there are: ${there}`);
  };
  const [train, first] = examples('train');
  const [test, second] = examples('test');
  return { name, source, train, test, hash: hashOfSignals(first, second) };
}

/** The path of a request: behind the colon of its name, or `--data`. */
export function placeOf(kind: string, what: string, name: string, dir?: string): string {
  const named = name.startsWith(`${kind}:`) ? name.slice(kind.length + 1) : '';
  if (named !== '' && dir !== undefined && resolve(dir) !== resolve(named)) {
    throw twoFolders(name, dir);
  }
  const place = named === '' ? (dir ?? '') : named;
  if (place === '') throw placeMissing(kind, what);
  return place;
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw fileMissing(path, 'arrays of numpy');
    throw fileUnreadable(path, error);
  }
}

const array = (bytes: Uint8Array, where: string): readonly [boolean, NumberArray] => [
  Buffer.from(bytes).subarray(0, 256).includes("'|u1'"),
  readNpy(bytes, where),
];

/** `npz:FILE`: the arrays of one file, as numpy.savez writes it. */
const npzProvider: DatasetProvider = {
  name: 'npz',
  summary: 'npz:FILE: arrays of numpy, train_NAME and test_NAME, of signals of any shape',
  async load({ name, dir }) {
    const place = placeOf('npz', 'a file', name, dir);
    const file = resolve(place);
    const content = await read(file);
    let entries: Record<string, Uint8Array>;
    try {
      entries = unzipSync(content, { filter: (entry) => entry.name.endsWith('.npy') });
    } catch (error) {
      throw arrayInvalid(file, error instanceof Error ? error.message : String(error));
    }
    const arrays = Object.entries(entries).map(
      ([entry, bytes]) => [entry.replace(/\.npy$/, ''), array(bytes, `${file}: ${entry}`)] as const,
    );
    return datasetOf(`npz:${place}`, file, new Map(arrays));
  },
};

/** `npy:DIR`: the arrays of a folder, one a file, as numpy.save writes them. */
const npyProvider: DatasetProvider = {
  name: 'npy',
  summary: 'npy:DIR: a folder of arrays of numpy, train_NAME.npy and test_NAME.npy',
  async load({ name, dir }) {
    const place = placeOf('npy', 'a folder', name, dir);
    const folder = resolve(place);
    await checkFolder(folder);
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = found
      .filter((entry) => entry.isFile() && entry.name.endsWith('.npy'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    const arrays = new Map<string, readonly [boolean, NumberArray]>();
    for (const file of files) {
      const short = relative(folder, file)
        .replace(/\.npy$/, '')
        .replaceAll('\\', '/');
      if (meaning(short) !== undefined) arrays.set(short, array(await read(file), file));
    }
    return datasetOf(`npy:${place}`, folder, arrays);
  },
};

/** Data sets of arrays: signals of any shape, in memory. */
export const arrayProviders: readonly DatasetProvider[] = [npzProvider, npyProvider];
