import type { Raster } from '../../core/data/medium.js';
import type { HostTensor } from '../../core/engine/types.js';
import { spectrogram } from '../../media/audio/spectrogram.js';
import { encodeRaster } from '../../media/figures/png.js';
import { imageRaster } from '../../media/image/medium.js';

/** Shorter signals are not taken for sound. */
const shortestSound = 4000;

/** Columns of a spectrogram: as many as a page has room for beside others. */
const columns = 160;

/**
 * A kept signal as a PNG, by its shape alone: the page of a run is made without its plugins, and so
 * without its media. [height, width, 1 or 3] is an image, [samples, 1] of some length a sound.
 * @returns undefined for what has no picture
 */
export function drawKept(signal: HostTensor): Buffer | undefined {
  const raster = rasterOf(signal);
  return raster === undefined ? undefined : encodeRaster(raster);
}

function rasterOf(signal: HostTensor): Raster | undefined {
  const { shape, data } = signal;
  const [length = 0, second, channels] = shape;
  if (shape.length === 3 && (channels === 1 || channels === 3)) return imageRaster(signal);
  if (shape.length !== 2 || second !== 1 || length < shortestSound) return undefined;
  return spectrogram(data, columns);
}
