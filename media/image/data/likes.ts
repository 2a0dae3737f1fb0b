import { join, resolve } from 'node:path';
import type { DatasetProvider } from '../../../core/data/types.js';
import { setIsMnist, setNotFound, setPart } from '../../errors/sets.js';
import { readStored, sha256 } from '../../files/content.js';
import { argumentOf, findFile, givenPlace, type DataContext } from '../../files/places.js';
import type { GreyImages } from './bytes.js';
import { TEST_IMAGES, TRAIN_IMAGES } from './idx-folder.js';
import { readIdxImages } from './idx.js';
import { imageDataset, imageOutline } from './images.js';
import { mnistTrainImages } from './mnist-files.js';

/** Folders in which a data set is looked for: that of the request alone, or the usual ones. */
function foldersOf(name: string, dir: string | undefined, context: DataContext): string[] {
  if (dir !== undefined) return [resolve(dir, name), resolve(dir)];
  const named = context.env['NCN_DATA'] ?? '';
  return [...(named === '' ? [] : [resolve(named, name)]), join(context.cache, name)];
}

/** The first folder that has both files. @throws NcnError `NCN_DATA_SET_MISSING` */
async function find(
  name: string,
  [train, test]: readonly [string, string],
  folders: readonly string[],
  from: string,
): Promise<{ dir: string; train: string; test: string }> {
  for (const dir of folders) {
    const found = [await findFile(dir, train), await findFile(dir, test)];
    if (found[0] !== undefined && found[1] !== undefined) {
      return { dir, train: found[0], test: found[1] };
    }
  }
  throw setNotFound(name, [train, test], folders, from);
}

/** Rows for columns: EMNIST's images are stored lying on their sides. */
export function upright({ count, height, width, pixels }: GreyImages): GreyImages {
  const turned = new Uint8Array(pixels.length);
  const size = height * width;
  for (let i = 0; i < pixels.length; i++) {
    const [image, at] = [Math.floor(i / size), i % size];
    const [row, column] = [Math.floor(at / width), at % width];
    turned[image * size + column * height + row] = pixels[i] ?? 0;
  }
  return { count, height: width, width: height, pixels: turned };
}

/** Pictures of clothes in MNIST's format and file names: Xiao, Rasul and Vollgraf (2017). */
export const fashionProvider = (context: DataContext): DatasetProvider => ({
  name: 'fashion-mnist',
  summary: 'Fashion-MNIST: 60,000 + 10,000 pictures of clothes, 28 × 28; IDX files of your own',
  async load(request) {
    const from = 'https://github.com/zalandoresearch/fashion-mnist';
    const folders = foldersOf('fashion-mnist', givenPlace(request), context);
    const files = await find('Fashion-MNIST', [TRAIN_IMAGES, TEST_IMAGES], folders, from);
    // MNIST has files of the same names.
    const [train, test] = [await readIdxImages(files.train), await readIdxImages(files.test)];
    const { bytes } = await (await readStored(files.train)).content(Infinity);
    if (sha256(bytes) === mnistTrainImages.sha256) throw setIsMnist('Fashion-MNIST', files.dir);
    return imageDataset('fashion-mnist', files.dir, train, test);
  },
  outline: () => imageOutline('fashion-mnist', [60_000, 10_000], [28, 28]),
});

const emnistParts = ['balanced', 'byclass', 'bymerge', 'digits', 'letters', 'mnist'];

/** Letters and digits: Cohen et al., "EMNIST" (2017), set upright. */
export const emnistProvider = (context: DataContext): DatasetProvider => ({
  name: 'emnist',
  summary: 'emnist:PART: EMNIST (balanced, letters, digits, …), upright; IDX files of your own',
  async load(request) {
    const part = argumentOf(request) || 'balanced';
    if (!emnistParts.includes(part)) throw setPart('emnist', part, emnistParts);
    const from = 'https://www.nist.gov/itl/products-and-services/emnist-dataset';
    const names = [
      `emnist-${part}-train-images-idx3-ubyte`,
      `emnist-${part}-test-images-idx3-ubyte`,
    ] as const;
    const files = await find('EMNIST', names, foldersOf('emnist', request.dir, context), from);
    const [train, test] = [await readIdxImages(files.train), await readIdxImages(files.test)];
    return imageDataset(`emnist:${part}`, files.dir, upright(train), upright(test));
  },
});
