import { imagesSize } from '../errors/figures.js';
import type { GreyPicture } from './png.js';

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
): GreyPicture {
  if (pixels.length !== count * height * width) {
    throw imagesSize('pixels', pixels.length, [count, height, width]);
  }
  const rows = Math.ceil(count / columns);
  const [stepX, stepY] = [width * zoom + gap, height * zoom + gap];
  const tiled = { width: columns * stepX - gap, height: rows * stepY - gap };
  const data = new Float32Array(tiled.width * tiled.height).fill(1);
  for (let i = 0; i < count; i++) {
    const corner = Math.floor(i / columns) * stepY * tiled.width + (i % columns) * stepX;
    for (let y = 0; y < height * zoom; y++) {
      for (let x = 0; x < width * zoom; x++) {
        const pixel = (i * height + Math.floor(y / zoom)) * width + Math.floor(x / zoom);
        data[corner + y * tiled.width + x] = pixels[pixel] ?? 0;
      }
    }
  }
  return { ...tiled, data };
}
