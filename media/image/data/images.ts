import { createHash } from 'node:crypto';
import { blankExamples } from '../../../core/data/examples.js';
import type { Dataset, Examples } from '../../../core/data/types.js';
import { shapesDiffer } from '../../errors/data.js';
import type { GreyImages } from './bytes.js';

/** The one signal of a data set of images: [height, width, 1], from 0 (black) to 1 (white). */
export const imageSignal = 'image';

/** Every pixel value as a fraction, rounded to float32 once. */
const fractions = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/**
 * Writes images as numbers in [0, 1] (pixel / 255), in the order of `indexes`; an index may
 * repeat.
 *
 * @param out receives indexes.length × height × width numbers, from its start
 * @returns out
 * @throws RangeError where an index is not one of an image, or `out` is too short: a bug in the
 * caller.
 */
export function toFloat(
  images: GreyImages,
  indexes: ArrayLike<number>,
  out: Float32Array,
): Float32Array {
  const size = images.height * images.width;
  if (out.length < indexes.length * size) {
    throw new RangeError(`${indexes.length} images of ${size} pixels do not fit in ${out.length}`);
  }
  let to = 0;
  for (let k = 0; k < indexes.length; k++) {
    const index = indexes[k] ?? -1;
    if (!Number.isInteger(index) || index < 0 || index >= images.count) {
      throw new RangeError(`There is no image ${index}; there are ${images.count}`);
    }
    const end = (index + 1) * size;
    for (let from = index * size; from < end; from++) {
      out[to++] = fractions[images.pixels[from] ?? 0] ?? 0;
    }
  }
  return out;
}

/** Images as the examples of a data set: one signal, `image`. */
export const imageExamples = (images: GreyImages): Examples => ({
  count: images.count,
  signals: { [imageSignal]: [images.height, images.width, 1] },
  read(indexes, out) {
    const to = out[imageSignal];
    if (to !== undefined) toFloat(images, indexes, to);
  },
});

/** SHA-256 (hex) over both splits: count, height, width (32 bits, little endian), then pixels. */
export function hashOf(train: GreyImages, test: GreyImages): string {
  const hash = createHash('sha256');
  for (const { count, height, width, pixels } of [train, test]) {
    const shape = Buffer.alloc(12);
    shape.writeUInt32LE(count, 0);
    shape.writeUInt32LE(height, 4);
    shape.writeUInt32LE(width, 8);
    hash.update(shape).update(pixels);
  }
  return hash.digest('hex');
}

/**
 * Puts two splits of grey images together, with their hash.
 *
 * @throws NcnError (`NCN_DATA_SHAPES_DIFFER`).
 */
export function imageDataset(
  name: string,
  source: string,
  train: GreyImages,
  test: GreyImages,
): Dataset {
  if (train.height !== test.height || train.width !== test.width) {
    throw shapesDiffer(name, shapeOf(train), shapeOf(test));
  }
  const hash = hashOf(train, test);
  return { name, source, train: imageExamples(train), test: imageExamples(test), hash };
}

/** What a data set of images would be, without its images. */
export function imageOutline(
  name: string,
  counts: readonly [train: number, test: number],
  [height, width]: readonly [number, number],
): Dataset {
  const [train, test] = counts.map((count) =>
    blankExamples(count, { [imageSignal]: [height, width, 1] }),
  );
  if (train === undefined || test === undefined) throw new TypeError('two splits are needed');
  return { name, source: 'not loaded', hash: '', train, test };
}

/** Height × width, for people. */
function shapeOf(images: GreyImages): string {
  return `${images.height} × ${images.width}`;
}
