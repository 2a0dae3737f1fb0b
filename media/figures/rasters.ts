import type { Medium, Raster } from '../../core/data/medium.js';
import type { HostTensor } from '../../core/engine/types.js';
import { exampleAt } from '../../core/evaluation/batch.js';
import { badRasters } from '../errors/figures.js';

/**
 * Examples as their medium draws them.
 * @param tensor [count, …the medium's shape]
 * @param count the first of them; all by default
 * @throws NcnError `NCN_PICTURE_RASTER` where the medium draws several sizes
 */
export function rastersOf(medium: Medium, tensor: HostTensor, count = Infinity): Raster[] {
  const length = Math.min(count, tensor.shape[0] ?? 0);
  const rasters = Array.from({ length }, (_, i) => medium.draw(exampleAt(tensor, i)));
  sizeOfAll(rasters);
  return rasters;
}

/** 3 where any of them is in colour. */
export const channelsOf = (rasters: readonly Pick<Raster, 'channels'>[]): 1 | 3 =>
  rasters.some(({ channels }) => channels === 3) ? 3 : 1;

/**
 * The size that all of them have.
 * @throws NcnError `NCN_PICTURE_RASTER` where there is none, sizes differ, or one has another number
 *   of bytes than its size says
 */
export function sizeOfAll(rasters: readonly Raster[]): Pick<Raster, 'width' | 'height'> {
  const [first] = rasters;
  if (first === undefined) throw badRasters('there is none');
  for (const { width, height, channels, data } of rasters) {
    if (data.length !== width * height * channels) {
      throw badRasters(
        `one of ${width}×${height} with ${channels === 1 ? 'one channel' : '3 channels'} has ${data.length} bytes in place of ${width * height * channels}`,
      );
    }
    if (width === first.width && height === first.height) continue;
    throw badRasters(`one is ${first.width}×${first.height}, another ${width}×${height}`);
  }
  return { width: first.width, height: first.height };
}

/** The bytes of a picture with so many channels: grey ones are repeated. */
export function bytesWith({ data, channels }: Raster, wanted: 1 | 3): Uint8Array {
  if (channels === wanted || wanted === 1) return data;
  const spread = new Uint8Array(data.length * 3);
  data.forEach((value, i) => spread.fill(value, i * 3, i * 3 + 3));
  return spread;
}

/** 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) of the pixel at `i`. */
export const luma = (pixels: Uint8Array, i: number): number =>
  0.299 * (pixels[i] ?? 0) + 0.587 * (pixels[i + 1] ?? 0) + 0.114 * (pixels[i + 2] ?? 0);

/** Brightness of each place, from 0 to 255. */
export const brightness = ({ data, channels }: Raster): ArrayLike<number> =>
  channels === 1
    ? data
    : Float32Array.from({ length: data.length / 3 }, (_, i) => luma(data, i * 3));

/** The whole number by which a picture is enlarged so that it is about so wide (or high), or is not. */
export function zoomFor(rasters: readonly Raster[], wanted: number): number {
  const side = Math.max(...rasters.map(({ width, height }) => Math.max(width, height)));
  return Math.max(1, Math.round(wanted / side));
}
