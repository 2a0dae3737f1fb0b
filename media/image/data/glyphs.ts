import { setImmediate as breathe } from 'node:timers/promises';
import { GLYPH_SIZE, GLYPHS_VERSION, GlyphArtist } from './glyphs/draw.js';
import { imageDataset, imageOutline } from './images.js';
import type { GreyImages } from './bytes.js';
import type { Dataset, DatasetProvider } from '../../../core/data/types.js';

const TRAIN = 60_000;
const TEST = 10_000;

/** Images drawn between two turns of the event loop: signals stay responsive. */
const AT_A_TIME = 2_000;

/**
 * The first images of the embedded data set: digits as if written by hand, 28 × 28, with the
 * statistics of MNIST. Image i is the same however many are asked for. All 70,000 take about two
 * seconds, so nothing is cached.
 */
export async function generateGlyphs(train = TRAIN, test = TEST): Promise<Dataset> {
  const whole = train === TRAIN && test === TEST;
  const source = `generated, version ${GLYPHS_VERSION}`;
  return imageDataset(
    'glyphs',
    whole ? source : `${source}, the first ${train} and ${test} images`,
    await generate('train', train),
    await generate('test', test),
  );
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
export const glyphsProvider: DatasetProvider = {
  name: 'glyphs',
  summary: `embedded: ${TRAIN} + ${TEST} generated digits, 28 × 28, version ${GLYPHS_VERSION}; needs no files`,
  async load({ dir, report }) {
    if (dir !== undefined) report?.(`--data ${dir} is not used: the glyphs data set has no files.`);
    return generateGlyphs();
  },
  outline: () => imageOutline('glyphs', [TRAIN, TEST], [GLYPH_SIZE, GLYPH_SIZE]),
};
