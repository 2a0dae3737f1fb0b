import { encodeBytes, encodeColour } from './png.js';
import { tile, type GridImages } from './tile.js';

/** A PNG with its size. */
export interface Picture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 4 for red, green, blue and opacity. */
  readonly channels: 1 | 3 | 4;
}

const tooBright = [255, 140, 0] as const;
const tooDark = [40, 120, 255] as const;
const zoom = 2;
const gap = 2;
const columnsFor = (count: number): number => Math.ceil(Math.sqrt(count));

/** Images as one small grey picture, without captions, for pages that scale it themselves. */
export function gridPicture(images: GridImages): Picture {
  const tiled = tile(images, columnsFor(images.count), zoom, gap);
  return { png: encodeBytes(tiled), width: tiled.width, height: tiled.height, channels: 1 };
}

/**
 * How far images are from what they should be: black where they agree, orange where they are too
 * bright, blue where they are too dark; in full colour from a difference of one half.
 * @throws NcnError when an array does not hold count × height × width pixels
 */
export function errorPicture(images: GridImages, target: Float32Array): Picture {
  const columns = columnsFor(images.count);
  // Between the images both are white, so that their difference is black.
  const shown = tile(images, columns, zoom, gap);
  const wanted = tile({ ...images, pixels: target }, columns, zoom, gap);
  const data = new Uint8Array(shown.data.length * 4);
  for (let i = 0; i < shown.data.length; i++) {
    const error = (shown.data[i] ?? 0) - (wanted.data[i] ?? 0);
    const strength = Math.min(1, Math.abs(error) / 127.5);
    const [r, g, b] = error > 0 ? tooBright : tooDark;
    data[i * 4] = Math.round(r * strength);
    data[i * 4 + 1] = Math.round(g * strength);
    data[i * 4 + 2] = Math.round(b * strength);
    data[i * 4 + 3] = 255;
  }
  const { width, height } = shown;
  return { png: encodeColour({ width, height, data }), width, height, channels: 4 };
}
