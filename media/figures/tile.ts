import { imagesSize } from '../errors/figures.js';
import { toBytes, type GreyBytes } from './png.js';

export interface GridImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** count × height × width, shown from 0 (black) to 1 (white). */
  readonly pixels: Float32Array;
}

/**
 * Images side by side in rows, each pixel a square, with white between them.
 * @param zoom side of a pixel
 * @param gap between images, in pixels of the picture
 * @throws NcnError when the array does not hold count × height × width pixels
 */
export function tile(
  { count, height, width, pixels }: GridImages,
  columns: number,
  zoom: number,
  gap: number,
): GreyBytes {
  if (pixels.length !== count * height * width) {
    throw imagesSize('pixels', pixels.length, [count, height, width]);
  }
  const bytes = toBytes(pixels);
  const rows = Math.ceil(count / columns);
  const [stepX, stepY] = [width * zoom + gap, height * zoom + gap];
  const tiled = { width: columns * stepX - gap, height: rows * stepY - gap };
  const data = new Uint8Array(tiled.width * tiled.height).fill(255);
  for (let i = 0; i < count; i++) {
    const corner = Math.floor(i / columns) * stepY * tiled.width + (i % columns) * stepX;
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * width;
      const start = corner + y * zoom * tiled.width;
      for (let x = 0; x < width; x++) {
        data.fill(bytes[from + x] ?? 0, start + x * zoom, start + (x + 1) * zoom);
      }
      for (let copy = 1; copy < zoom; copy++) {
        data.copyWithin(start + copy * tiled.width, start, start + width * zoom);
      }
    }
  }
  return { ...tiled, data };
}
