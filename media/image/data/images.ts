import { createHash } from 'node:crypto';
import { badSubset, datasetInvalid, shapesDiffer } from '../../../core/errors/data.js';
import type { Dataset, Images } from '../../../core/data/types.js';

/** Every pixel value as a fraction, rounded to float32 once. */
const fractions = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/**
 * The first `count` images, sharing their memory.
 *
 * @throws NcnError (`NCN_DATA_SUBSET`) unless count is a whole number in 1 … images.count.
 */
export function subset(images: Images, count: number): Images {
  if (!Number.isSafeInteger(count) || count < 1 || count > images.count) {
    throw badSubset(count, images.count);
  }
  const { height, width } = images;
  return { count, height, width, pixels: images.pixels.subarray(0, count * height * width) };
}

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
  images: Images,
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

/** SHA-256 (hex) over both splits: count, height, width (32 bits, little endian), then pixels. */
export function hashOf(train: Images, test: Images): string {
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
 * Puts two splits together, with their hash.
 *
 * @throws NcnError (`NCN_DATA_SHAPES_DIFFER`).
 */
export function makeDataset(name: string, source: string, train: Images, test: Images): Dataset {
  if (train.height !== test.height || train.width !== test.width) {
    throw shapesDiffer(name, shapeOf(train), shapeOf(test));
  }
  return { name, source, train, test, hash: hashOf(train, test) };
}

/**
 * Checks what a provider returned: its type was perhaps never compiled.
 *
 * @throws NcnError (`NCN_DATA_INVALID`, `NCN_DATA_SHAPES_DIFFER`).
 */
export function checkDataset(name: string, dataset: Dataset): Dataset {
  const { train, test } = dataset;
  for (const [split, images] of [
    ['train', train],
    ['test', test],
  ] as const) {
    const { count, height, width, pixels } = images;
    if (![count, height, width].every((side) => Number.isSafeInteger(side) && side > 0)) {
      throw datasetInvalid(name, `${split} is ${count} × ${height} × ${width}`);
    }
    if (pixels.length !== count * height * width) {
      throw datasetInvalid(
        name,
        `${split} has ${pixels.length} pixels; expected ${count} × ${height} × ${width}`,
      );
    }
  }
  if (train.height !== test.height || train.width !== test.width) {
    throw shapesDiffer(name, shapeOf(train), shapeOf(test));
  }
  return dataset;
}

/** Height × width, for people. */
function shapeOf(images: Images): string {
  return `${images.height} × ${images.width}`;
}
