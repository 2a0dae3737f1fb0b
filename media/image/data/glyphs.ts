import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import { writeFileAtomic } from '../../../core/run/atomic.js';
import { givenPlace, type DataContext } from '../../files/places.js';
import { GLYPH_SIZE, GLYPHS_VERSION, GlyphArtist } from './glyphs/draw.js';
import { idxContent, readIdxImages } from './idx.js';
import { TEST_IMAGES, TRAIN_IMAGES } from './idx-folder.js';
import { imageDataset, imageOutline } from './images.js';
import type { GreyImages } from './bytes.js';
import type { Dataset, DatasetProvider } from '../../../core/data/types.js';

const gzip = promisify(gzipCallback);

const TRAIN = 60_000;
const TEST = 10_000;

/** Images drawn between two turns of the event loop: signals stay responsive. */
const AT_A_TIME = 2_000;

/**
 * The first images of the embedded data set: digits as if written by hand, 28 × 28, with the
 * statistics of MNIST. Image i is the same however many are asked for. All 70,000 take about two
 * seconds; {@link loadGlyphs} keeps them.
 */
export async function generateGlyphs(train = TRAIN, test = TEST): Promise<Dataset> {
  return datasetOf(await generate('train', train), await generate('test', test));
}

/**
 * The same, kept in the user's cache since they were drawn first, or drawn now. What is damaged there is drawn anew;
 * where the cache cannot be written, nothing is kept.
 */
export async function loadGlyphs(
  { cache }: DataContext,
  count = { train: TRAIN, test: TEST },
): Promise<Dataset> {
  const folder = join(cache, `glyphs-${GLYPHS_VERSION}`);
  const paths = [join(folder, `${TRAIN_IMAGES}.gz`), join(folder, `${TEST_IMAGES}.gz`)] as const;
  const kept = await Promise.all(paths.map((path) => readIdxImages(path).catch(() => undefined)));
  const [train, test] = kept;
  if (isWhole(train, count.train) && isWhole(test, count.test)) return datasetOf(train, test);
  const drawn = [await generate('train', count.train), await generate('test', count.test)] as const;
  // Whoever wants them need not wait for that.
  void keep(folder, [
    [paths[0], drawn[0]],
    [paths[1], drawn[1]],
  ]).catch(() => undefined);
  return datasetOf(...drawn);
}

function datasetOf(train: GreyImages, test: GreyImages): Dataset {
  const source = `generated, version ${GLYPHS_VERSION}`;
  const part = `${source}, the first ${train.count} and ${test.count} images`;
  const whole = train.count === TRAIN && test.count === TEST;
  return imageDataset('glyphs', whole ? source : part, train, test);
}

const isWhole = (images: GreyImages | undefined, count: number): images is GreyImages =>
  images?.count === count && images.height === GLYPH_SIZE && images.width === GLYPH_SIZE;

async function keep(
  folder: string,
  files: readonly (readonly [path: string, images: GreyImages])[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, images] of files) {
    await writeFileAtomic(path, await gzip(idxContent(images), { level: 1 }));
  }
}

async function generate(split: 'train' | 'test', count: number): Promise<GreyImages> {
  const size = GLYPH_SIZE * GLYPH_SIZE;
  const pixels = new Uint8Array(count * size);
  const artist = new GlyphArtist();
  for (let index = 0; index < count; index++) {
    if (index % AT_A_TIME === 0) await breathe();
    artist.draw(split, index, pixels, index * size);
  }
  return { count, height: GLYPH_SIZE, width: GLYPH_SIZE, pixels };
}

/** The data set that needs no files. */
export const glyphsProvider = (context: DataContext): DatasetProvider => ({
  name: 'glyphs',
  summary: `embedded: ${TRAIN} + ${TEST} generated digits, 28 × 28, version ${GLYPHS_VERSION}; needs no files`,
  async load(request) {
    const place = givenPlace(request);
    if (place !== undefined) {
      request.report?.(`The folder ${place} is not used: the glyphs data set has no files.`);
    }
    return loadGlyphs(context);
  },
  outline: () => imageOutline('glyphs', [TRAIN, TEST], [GLYPH_SIZE, GLYPH_SIZE]),
});
