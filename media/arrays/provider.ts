import { readdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { hashOfSignals, inMemory, type SignalValues } from '../../core/data/examples.js';
import type { Dataset, DatasetProvider, Examples } from '../../core/data/types.js';
import { NcnError } from '../../core/errors/error.js';
import { arrayInvalid, arraysUnfit } from '../errors/sets.js';
import { fileMissing, fileUnreadable } from '../errors/data.js';
import { errorCode } from '../files/content.js';
import { checkFolder, neededPlace } from '../files/places.js';
import { checkNpyLength, readNpy, readNpyHeader, type NumberArray } from './npy.js';
import { readZip, type ZipEntry } from './zip.js';

type Split = 'train' | 'test';

type Found = readonly [pixels: boolean, array: NumberArray];

/**
 * `train_image`, `train/image`, `image_train`: which signal of which split an array is. Hidden ones
 * are some program's own.
 */
function meaning(name: string): readonly [Split, string] | undefined {
  if (/(^|\/)\./.test(name)) return undefined;
  const parts = /^(train|test)[_./-](.+)$/.exec(name) ?? /^(.+)[_./-](train|test)$/.exec(name);
  const [, first = '', second = ''] = parts ?? [];
  if (first === 'train' || first === 'test') return [first, second];
  return second === 'train' || second === 'test' ? [second, first] : undefined;
}

/** [H, W] of bytes are a grey picture, [H, W, 1]. */
const isPicture = (bytes: boolean, { shape }: NumberArray): boolean => bytes && shape.length === 3;

/**
 * Refuses an array that holds something else than numbers that can be learned from: a network would
 * be told to have diverged, or a metric be NaN, without a word about the data.
 */
function checkFinite(array: string, { shape, data }: NumberArray, source: string): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const example = Math.floor((at * (shape[0] ?? 1)) / data.length);
  throw arraysUnfit(
    source,
    `'${array}' holds ${data[at]} (as float32) in its example ${example}, counted from 0`,
  );
}

/** @param names of all arrays that there are @param arrays those that belong to a split */
function datasetOf(
  name: string,
  source: string,
  names: readonly string[],
  arrays: ReadonlyMap<string, Found>,
): Dataset {
  const splits = { train: new Map<string, SignalValues>(), test: new Map<string, SignalValues>() };
  const namesOf = new Map<string, string>();
  const counts: Record<Split, number | undefined> = { train: undefined, test: undefined };
  for (const [array, [bytes, values]] of arrays) {
    const found = meaning(array);
    if (found === undefined) continue;
    const [split, signal] = found;
    const [count, ...shape] = values.shape;
    if (count === undefined) {
      throw arraysUnfit(source, `'${array}' is a single number, not one for each example`);
    }
    const known = (counts[split] ??= count);
    if (known !== count) {
      throw arraysUnfit(source, `'${array}' has ${count} examples, another of ${split} ${known}`);
    }
    const same = namesOf.get(`${split} ${signal}`);
    if (same !== undefined) {
      throw arraysUnfit(
        source,
        `'${same}' and '${array}' both name the signal '${signal}' of ${split}`,
      );
    }
    namesOf.set(`${split} ${signal}`, array);
    checkFinite(array, values, source);
    const own = isPicture(bytes, values) ? [...shape, 1] : shape;
    splits[split].set(signal, { shape: own, data: values.data });
  }
  const examples = (split: Split): [Examples, Record<string, SignalValues>] => {
    const signals = Object.fromEntries(splits[split]);
    const count = counts[split];
    if (count !== undefined) return [inMemory(count, signals), signals];
    const there = names.join(', ') || 'none';
    throw arraysUnfit(source, `none is of the split '${split}'; there are: ${there}`);
  };
  const [train, first] = examples('train');
  const [test, second] = examples('test');
  return { name, source, train, test, hash: hashOfSignals(first, second) };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw fileMissing(path, 'arrays of numpy');
    throw fileUnreadable(path, error);
  }
}

const array = (bytes: Uint8Array, where: string): Found => [
  readNpyHeader(bytes, where).pixels,
  readNpy(bytes, where),
];

/**
 * The arrays of an archive that belong to a split. What they take is known from their headers, and
 * checked, before any of them is unpacked.
 * @param where names the file in errors
 * @throws NcnError `NCN_ARRAY_INVALID`
 */
export function readNpz(
  bytes: Uint8Array,
  where: string,
): { readonly names: readonly string[]; readonly arrays: ReadonlyMap<string, Found> } {
  const refusing = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof NcnError) throw error;
      throw arrayInvalid(where, error instanceof Error ? error.message : String(error));
    }
  };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const all = refusing(() => readZip(buffer)).flatMap((entry): [string, ZipEntry][] =>
    entry.name.endsWith('.npy') ? [[entry.name.slice(0, -4), entry]] : [],
  );
  const entries = all.filter(([name]) => meaning(name) !== undefined);
  let needed = 0;
  for (const [, entry] of entries) {
    const place = `${where}: ${entry.name}`;
    const header = readNpyHeader(
      refusing(() => entry.head()),
      place,
    );
    checkNpyLength(header, entry.length, place);
    needed += header.bytes + header.count * Float32Array.BYTES_PER_ELEMENT;
  }
  if (needed > totalmem()) {
    const [wanted, there] = [needed, totalmem()].map((count) => (count / 2 ** 30).toFixed(1));
    throw arrayInvalid(where, `its arrays take ${wanted} GiB of memory; here are ${there}`);
  }
  const arrays = new Map<string, Found>();
  for (const [name, entry] of entries) {
    const content = refusing(() => entry.unpack());
    arrays.set(name, array(content, `${where}: ${entry.name}`));
  }
  return { names: all.map(([name]) => name), arrays };
}

/** `npz:FILE`: the arrays of one file, as numpy.savez writes it. */
const npzProvider: DatasetProvider = {
  name: 'npz',
  summary: 'npz:FILE: arrays of numpy, train_NAME and test_NAME, of signals of any shape',
  async load(request) {
    const place = neededPlace('npz', 'a file', request);
    const file = resolve(place);
    const { names, arrays } = readNpz(await read(file), file);
    return datasetOf(`npz:${place}`, file, names, arrays);
  },
};

/** `npy:DIR`: the arrays of a folder, one a file, as numpy.save writes them. */
const npyProvider: DatasetProvider = {
  name: 'npy',
  summary: 'npy:DIR: a folder of arrays of numpy, train_NAME.npy and test_NAME.npy',
  async load(request) {
    const place = neededPlace('npy', 'a folder', request);
    const folder = resolve(place);
    await checkFolder(folder);
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = found
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.npy'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    const arrays = new Map<string, Found>();
    const names: string[] = [];
    for (const file of files) {
      const short = relative(folder, file)
        .replace(/\.npy$/, '')
        .replaceAll('\\', '/');
      names.push(short);
      if (meaning(short) !== undefined) arrays.set(short, array(await read(file), file));
    }
    return datasetOf(`npy:${place}`, folder, names, arrays);
  },
};

/** Data sets of arrays: signals of any shape, in memory. */
export const arrayProviders: readonly DatasetProvider[] = [npzProvider, npyProvider];
