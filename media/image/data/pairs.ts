import { createHash } from 'node:crypto';
import { statSync, type Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DatasetProvider, Examples, Shape } from '../../../core/data/types.js';
import { fileUnreadable } from '../../errors/data.js';
import { pairsUnfit } from '../../errors/sets.js';
import { decodePicture } from '../../figures/png.js';
import { checkFolder, neededPlace } from '../../files/places.js';

/** The files of each signal, in the order of their names, which are the same for all. */
type Files = ReadonlyMap<string, readonly string[]>;

/** A folder, or a link to one. */
const isFolder = (entry: Dirent): boolean =>
  entry.isSymbolicLink()
    ? statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.isDirectory() ===
      true
    : entry.isDirectory();

async function listed(folder: string, kind: 'folders' | 'pictures'): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return (
      entries
        .filter((e) => (kind === 'folders' ? isFolder(e) : /\.png$/i.test(e.name)))
        // Hidden ones are some program's own.
        .filter(({ name }) => !name.startsWith('.'))
        .map(({ name }) => name)
        .sort()
    );
  } catch (error) {
    throw fileUnreadable(folder, error);
  }
}

async function filesIn(folder: string): Promise<Files> {
  const signals = await listed(folder, 'folders');
  const names = new Map<string, string[]>();
  for (const signal of signals) names.set(signal, await listed(join(folder, signal), 'pictures'));
  const [[first, expected] = ['', []]] = names;
  if (first === '') throw pairsUnfit(folder, 'it has no folders');
  const [empty] = [...names].find(([, found]) => found.length === 0) ?? [];
  if (empty !== undefined) throw pairsUnfit(folder, `its folder '${empty}' has no PNG files`);
  for (const [signal, found] of names) {
    const odd = [
      ...found.filter((name) => !expected.includes(name)).map((name) => `${signal}/${name}`),
      ...expected.filter((name) => !found.includes(name)).map((name) => `${first}/${name}`),
    ];
    if (odd[0] !== undefined) {
      throw pairsUnfit(folder, `${odd[0]} has no counterpart in each of ${signals.join(', ')}`);
    }
  }
  return new Map(
    [...names].map(([signal, all]) => [signal, all.map((n) => join(folder, signal, n))]),
  );
}

/** Where there are no folders `train` and `test`: the last fifth by name is the test split. */
function divided(all: Files, folder: string): readonly [Files, Files] {
  const [files = []] = all.values();
  if (files.length < 2) throw pairsUnfit(folder, 'it has one picture of a signal; two are needed');
  const at = files.length - Math.ceil(files.length / 5);
  const part = (from: number, to: number): Files =>
    new Map([...all].map(([signal, paths]) => [signal, paths.slice(from, to)]));
  return [part(0, at), part(at, files.length)];
}

/** Height and width as the header says. @throws NcnError where it is no PNG */
function sizeOf(bytes: Buffer, where: string): readonly [number, number] {
  const signed = bytes.length > 26 && bytes.toString('latin1', 1, 4) === 'PNG';
  // What decodes says what is wrong.
  if (!signed) decodePicture(bytes, where, 1);
  return [bytes.readUInt32BE(20), bytes.readUInt32BE(16)];
}

/** Whether its header says that it has colours: colour types 0 and 4 are grey. */
const isColoured = (bytes: Buffer): boolean => bytes[25] !== 0 && bytes[25] !== 4;

/**
 * Reads each file once: the shapes of the signals, and a hash of all. A signal with one coloured
 * picture is one of colours.
 */
async function inspect(splits: readonly Files[]): Promise<[Record<string, Shape>, string]> {
  const shapes: Record<string, Shape> = {};
  const hash = createHash('sha256');
  for (const files of splits) {
    for (const [signal, paths] of files) {
      hash.update(`${signal} ${paths.length}\n`);
      for (const path of paths) {
        const bytes = await readFile(path);
        const [h, w] = sizeOf(bytes, path);
        const [height, width] = (shapes[signal] ??= [h, w, 1]);
        if (h !== height || w !== width) {
          const others = `others of '${signal}' are ${width}×${height}`;
          throw pairsUnfit(path, `it is ${w}×${h}; ${others}`);
        }
        if (isColoured(bytes)) shapes[signal] = [h, w, 3];
        hash.update(createHash('sha256').update(bytes).digest());
      }
    }
  }
  return [shapes, hash.digest('hex')];
}

function examplesOf(files: Files, signals: Readonly<Record<string, Shape>>): Examples {
  const [first = []] = files.values();
  return {
    count: first.length,
    signals,
    async read(indexes, out) {
      for (const [signal, to] of Object.entries(out)) {
        const [height = 0, width = 0, channels] = signals[signal] ?? [];
        for (const [i, index] of indexes.entries()) {
          const path = files.get(signal)?.[index] ?? '';
          const wanted = { width, height };
          const { data } = decodePicture(
            await readFile(path),
            path,
            channels === 3 ? 3 : 1,
            wanted,
          );
          to.set(data, i * data.length);
        }
      }
    },
  };
}

/** `pairs:DIR`: pictures that belong together by their names, a folder for each signal. */
export const pairsProvider: DatasetProvider = {
  name: 'pairs',
  summary: 'pairs:DIR: PNG files of equal names in DIR/train/input, DIR/train/target, DIR/test/…',
  async load(request) {
    const place = neededPlace('pairs', 'a folder', request);
    const folder = resolve(place);
    await checkFolder(folder);
    const inside = await listed(folder, 'folders');
    const missing = ['train', 'test'].filter((split) => !inside.includes(split));
    if (missing.length === 1) {
      throw pairsUnfit(folder, `of the folders train and test, '${missing.join()}' is missing`);
    }
    const [train, test] =
      missing.length === 0
        ? [await filesIn(join(folder, 'train')), await filesIn(join(folder, 'test'))]
        : divided(await filesIn(folder), folder);
    const [signals, hash] = await inspect([train, test]);
    return {
      name: `pairs:${place}`,
      source: folder,
      hash,
      train: examplesOf(train, signals),
      test: examplesOf(test, signals),
    };
  },
};
