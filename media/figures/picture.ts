import type { Raster } from '../../core/data/medium.js';
import { badRasters } from '../errors/figures.js';
import { encodeRaster } from './png.js';
import { brightness, zoomFor } from './rasters.js';
import { tile } from './tile.js';

/** A PNG with its size. */
export interface Picture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
}

const tooBright = [255, 140, 0] as const;
const tooDark = [40, 120, 255] as const;
/** Sides of a small picture are enlarged to about this. */
const side = 56;

function encoded(raster: Raster): Picture {
  const { width, height, channels } = raster;
  return { png: encodeRaster(raster), width, height, channels };
}

const square = (rasters: readonly Raster[]): Raster =>
  tile(rasters, {
    columns: Math.ceil(Math.sqrt(rasters.length)),
    zoom: zoomFor(rasters, side),
    gap: 2,
  });

/**
 * Pictures as a small one, without captions, for pages that scale it themselves.
 * @throws NcnError where there is none, or they differ in size
 */
export const gridPicture = (rasters: readonly Raster[]): Picture => encoded(square(rasters));

/**
 * How far pictures are from what they should be (in colour: their brightness): black where they
 * agree, orange where they are too bright, blue where they are too dark; in full colour from a
 * difference of one half.
 * @throws NcnError where there is none, or they differ in size or number
 */
export function errorPicture(rasters: readonly Raster[], target: readonly Raster[]): Picture {
  // Between the pictures both are white, so that their difference is black.
  const [shown, wanted] = [square(rasters), square(target)];
  const { width, height } = shown;
  if (wanted.width !== width || wanted.height !== height || target.length !== rasters.length) {
    throw badRasters('outputs and targets differ in size or number');
  }
  const [is, should] = [brightness(shown), brightness(wanted)];
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const error = (is[i] ?? 0) - (should[i] ?? 0);
    const strength = Math.min(1, Math.abs(error) / 127.5);
    const colour = error > 0 ? tooBright : tooDark;
    colour.forEach((value, c) => (data[i * 3 + c] = Math.round(value * strength)));
  }
  return encoded({ width, height, channels: 3, data });
}
