import type { Raster } from '../../core/data/medium.js';
import { bytesWith, channelsOf, sizeOfAll } from './rasters.js';

export interface TileOptions {
  readonly columns: number;
  /** Side of a unit in the picture; default 1. */
  readonly zoom?: number;
  /** Between the pictures, in units of the whole; default 0. */
  readonly gap?: number;
  /** What is between them, and where none is; default white. */
  readonly background?: number;
}

/**
 * Pictures side by side in rows, each unit a square; in colour where one of them is.
 * @throws NcnError where there is none, or they differ in size
 */
export function tile(
  rasters: readonly Raster[],
  { columns, zoom = 1, gap = 0, background = 255 }: TileOptions,
): Raster {
  const { width, height } = sizeOfAll(rasters);
  const channels = channelsOf(rasters);
  const rows = Math.ceil(rasters.length / columns);
  const [stepX, stepY] = [width * zoom + gap, height * zoom + gap];
  const tiled = { width: columns * stepX - gap, height: rows * stepY - gap, channels };
  const line = tiled.width * channels;
  const data = new Uint8Array(line * tiled.height).fill(background);
  rasters.forEach((raster, i) => {
    const bytes = bytesWith(raster, channels);
    const corner = Math.floor(i / columns) * stepY * line + (i % columns) * stepX * channels;
    for (let y = 0; y < height; y++) {
      const start = corner + y * zoom * line;
      let to = start;
      for (let x = 0; x < width; x++) {
        const from = (y * width + x) * channels;
        for (let copy = 0; copy < zoom; copy++) {
          for (let c = 0; c < channels; c++) data[to++] = bytes[from + c] ?? 0;
        }
      }
      for (let copy = 1; copy < zoom; copy++) data.copyWithin(start + copy * line, start, to);
    }
  });
  return { ...tiled, data };
}
