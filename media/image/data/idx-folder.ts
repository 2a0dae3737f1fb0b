import { resolve } from 'node:path';
import { filesMissing, idxWithoutFolder } from '../../errors/data.js';
import { imageDataset } from './images.js';
import { readIdxImages } from './idx.js';
import { checkFolder, findFile, givenPlace } from '../../files/places.js';
import type { DatasetProvider } from '../../../core/data/types.js';

/** Names of the files of images, in every data set made to be like MNIST. */
export const TRAIN_IMAGES = 'train-images-idx3-ubyte';
export const TEST_IMAGES = 't10k-images-idx3-ubyte';

/**
 * The paths of both files of images in a folder.
 *
 * @param hint what to do where they are not there
 * @throws NcnError (`NCN_DATA_NO_FOLDER`, `_FILES_MISSING`, `_UNREADABLE`).
 */
export async function imageFiles(
  dir: string,
  wanted: string,
  hint?: string,
): Promise<{ readonly train: string; readonly test: string }> {
  await checkFolder(dir);
  const train = await findFile(dir, TRAIN_IMAGES);
  const test = await findFile(dir, TEST_IMAGES);
  if (train !== undefined && test !== undefined) return { train, test };
  const missing = [];
  if (train === undefined) missing.push(TRAIN_IMAGES);
  if (test === undefined) missing.push(TEST_IMAGES);
  throw filesMissing(dir, wanted, missing, hint);
}

/** `idx:DIR`: any data set in MNIST's format, with images of any size. */
export const idxProvider: DatasetProvider = {
  name: 'idx',
  summary: `idx:DIR: any folder with ${TRAIN_IMAGES} and ${TEST_IMAGES} (plain or .gz)`,
  async load(request) {
    const given = givenPlace(request);
    if (given === undefined) throw idxWithoutFolder();
    const folder = resolve(given);
    const files = await imageFiles(
      folder,
      'the images of a data set',
      'Files that are named otherwise must be renamed or linked.',
    );
    return imageDataset(
      `idx:${given}`,
      folder,
      await readIdxImages(files.train),
      await readIdxImages(files.test),
    );
  },
};
