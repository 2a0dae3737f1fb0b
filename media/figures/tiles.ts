import type { Raster } from '../../core/data/medium.js';
import { encodeRaster } from './png.js';
import { tile } from './tile.js';

/**
 * Pictures side by side in rows without anything between or around them, a unit for a unit: for
 * programs that lay them out themselves. Places without a picture are black.
 * @returns an 8-bit PNG of columns · width × rows · height, in colour where one of them is
 * @throws NcnError where there is none, or they differ in size
 */
export const encodeTiles = (rasters: readonly Raster[], columns: number): Buffer =>
  encodeRaster(tile(rasters, { columns, background: 0 }));
