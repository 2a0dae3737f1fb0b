import { TEST_IMAGES, TRAIN_IMAGES } from './idx-folder.js';
import type { KnownFile } from '../../files/known-file.js';
import type { DataContext } from '../../files/places.js';

export type MnistFile = KnownFile;

export const mnistTrainImages: MnistFile = {
  name: TRAIN_IMAGES,
  sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  bytes: 47_040_016,
  optional: false,
};

export const mnistTestImages: MnistFile = {
  name: TEST_IMAGES,
  sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  bytes: 7_840_016,
  optional: false,
};

/** What `hashOf` makes of these two: content that was verified need not be hashed again. */
export const mnistHash = '9479db31b946e453a8eebdd416a23d27d5832d01ca8ff2d1b479bb2a33907da4';

export const mnistFiles: readonly MnistFile[] = [
  mnistTrainImages,
  {
    name: 'train-labels-idx1-ubyte',
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    bytes: 60_008,
    optional: true,
  },
  mnistTestImages,
  {
    name: 't10k-labels-idx1-ubyte',
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    bytes: 10_008,
    optional: true,
  },
];

/** Public copies of the original files. */
const publicMirrors: readonly string[] = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

/** Addresses of folders with the files, in the order in which they are tried. */
export function mnistMirrors({ env }: DataContext): readonly string[] {
  const named = (env['NCN_MNIST_MIRRORS'] ?? '')
    .split(',')
    .map((mirror) => mirror.trim())
    .filter((mirror) => mirror !== '');
  return named.length === 0 ? publicMirrors : named;
}
