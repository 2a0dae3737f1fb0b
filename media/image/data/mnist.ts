import { mnistUnavailable } from '../../errors/data.js';
import { NcnError } from '../../../core/errors/error.js';
import { readStored, sha256 } from '../../files/content.js';
import { downloadFile } from '../../files/download.js';
import { imageFiles } from './idx-folder.js';
import { imageExamples, imageOutline } from './images.js';
import {
  mnistHash,
  mnistMirrors,
  mnistTestImages,
  mnistTrainImages,
  type MnistFile,
} from './mnist-files.js';
import { readMnistImages } from './mnist-read.js';
import {
  findFile,
  givenPlace,
  isOffline,
  mnistCache,
  placesOf,
  type DataContext,
} from '../../files/places.js';
import type { Dataset, DatasetProvider, DatasetRequest } from '../../../core/data/types.js';

const images = [mnistTrainImages, mnistTestImages] as const;

/** MNIST, or a clause that says why it could not be had, where that is no fault of its files. */
export type MnistOutcome =
  | { readonly dataset: Dataset }
  | {
      readonly unavailable: string;
      /** Where it was looked for on this machine. */
      readonly nowhere: string;
      /** What came of downloading it; each mirror was told to `report`. */
      readonly cause?: NcnError;
    };

/** The data set `mnist`. */
export function mnistProvider(context: DataContext): DatasetProvider {
  return {
    name: 'mnist',
    summary: 'MNIST: 60000 + 10000 handwritten digits, 28 × 28; downloaded where it is missing',
    async load(request) {
      const outcome = await obtainMnist(request, context);
      if ('dataset' in outcome) return outcome.dataset;
      throw mnistUnavailable(outcome.unavailable, outcome.cause);
    },
    outline: () => imageOutline('mnist', [60_000, 10_000], [28, 28]),
  };
}

/**
 * Loads MNIST from where it is found first: the folder of the request (then nowhere else),
 * NCN_DATA, the user's cache; else downloads it to the cache. The content is verified every time.
 *
 * @param patience milliseconds that a silent mirror is given
 * @throws NcnError for files that are there and are not MNIST's, and for a folder of the request
 * without MNIST. A damaged file in the cache is downloaded again, and an error only where that
 * fails.
 */
export async function obtainMnist(
  request: DatasetRequest,
  context: DataContext,
  patience?: number,
): Promise<MnistOutcome> {
  const { report } = request;
  const dir = givenPlace(request);
  const places = placesOf(dir, context);
  if (dir !== undefined) {
    const folder = places[0]?.dir ?? dir;
    return { dataset: await loadFrom(folder, await imageFiles(folder, 'MNIST')) };
  }
  const looked: string[] = [];
  let damaged: NcnError | undefined;
  for (const place of places) {
    looked.push(`${place.dir} (${place.origin})`);
    const train = await findFile(place.dir, mnistTrainImages.name);
    const test = await findFile(place.dir, mnistTestImages.name);
    if (train === undefined || test === undefined) continue;
    try {
      return { dataset: await loadFrom(place.dir, { train, test }) };
    } catch (error) {
      if (place.origin !== 'cache' || !(error instanceof NcnError)) throw error;
      report?.(`${error.message} It is downloaded again.`);
      damaged = error;
    }
  }
  const nowhere = `not found in ${looked.join(' or ')}`;
  if (isOffline(context)) {
    if (damaged !== undefined) throw damaged;
    return { unavailable: `${nowhere}, and NCN_OFFLINE forbids to download it`, nowhere };
  }
  const cache = mnistCache(context);
  const mirrors = mnistMirrors(context);
  try {
    for (const file of images) {
      if (await isGood(cache, file)) continue;
      await downloadFile(file, cache, {
        mirrors,
        report,
        ...(patience === undefined ? {} : { patience }),
      });
    }
  } catch (error) {
    if (!(error instanceof NcnError)) throw error;
    if (damaged !== undefined) throw damaged;
    return { unavailable: `${nowhere}; ${lowerFirst(error.message)}`, nowhere, cause: error };
  }
  return { dataset: await loadFrom(cache, await imageFiles(cache, 'MNIST')) };
}

async function loadFrom(
  dir: string,
  paths: { readonly train: string; readonly test: string },
): Promise<Dataset> {
  const reading = [
    readMnistImages(paths.train, mnistTrainImages),
    readMnistImages(paths.test, mnistTestImages),
  ] as const;
  // Where both are damaged, the first is told.
  reading[1].catch(() => undefined);
  const [train, test] = [await reading[0], await reading[1]];
  const splits = { train: imageExamples(train), test: imageExamples(test) };
  return { name: 'mnist', source: dir, ...splits, hash: mnistHash };
}

/** Whether a folder has a file, and its content is right. */
async function isGood(dir: string, file: MnistFile): Promise<boolean> {
  const path = await findFile(dir, file.name);
  if (path === undefined) return false;
  try {
    const { bytes } = await (await readStored(path)).content(file.bytes);
    return sha256(bytes) === file.sha256;
  } catch {
    // Whatever is wrong with it, it is replaced.
    return false;
  }
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '');
}
