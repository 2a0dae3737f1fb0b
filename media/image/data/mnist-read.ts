import { hashMismatch } from '../../errors/data.js';
import { readStored, sha256 } from '../../files/content.js';
import { findFile, placesOf, type DataContext } from '../../files/places.js';
import type { GreyImages } from './bytes.js';
import { parseIdxImages } from './idx.js';
import { mnistTestImages, mnistTrainImages, type MnistFile } from './mnist-files.js';

/** What was begun by {@link readMnistAhead} and not asked for yet, by its path. */
const ahead = new Map<string, Promise<GreyImages>>();

/**
 * The images of one of MNIST's files, verified.
 *
 * @throws NcnError (those of the IDX reader, `NCN_DATA_HASH`).
 */
export function readMnistImages(path: string, file: MnistFile): Promise<GreyImages> {
  const begun = ahead.get(path);
  ahead.delete(path);
  return begun ?? read(path, file);
}

async function read(path: string, file: MnistFile): Promise<GreyImages> {
  const { bytes } = await (await readStored(path)).content(file.bytes);
  const found = parseIdxImages(bytes, path);
  const got = sha256(bytes);
  if (got !== file.sha256) throw hashMismatch(path, file.sha256, got);
  return found;
}

/**
 * Begins to read MNIST where it will be looked for first, for a program that loads its own parts meanwhile. What goes
 * wrong is told to whoever then asks for it.
 */
export async function readMnistAhead(context: DataContext): Promise<void> {
  const files = [mnistTrainImages, mnistTestImages];
  try {
    for (const { dir } of placesOf(undefined, context)) {
      const paths = await Promise.all(files.map(({ name }) => findFile(dir, name)));
      if (paths.includes(undefined)) continue;
      paths.forEach((path, i) => {
        const file = files[i];
        if (path === undefined || file === undefined) return;
        const reading = read(path, file);
        reading.catch(() => undefined);
        ahead.set(path, reading);
      });
      return;
    }
  } catch {
    // A folder that cannot be looked into is told of when the data set is loaded.
  }
}
