import { imagesSize } from '../errors/figures.js';
import type { GridImages } from './panel.js';
import { encodeGrey } from './png.js';

/**
 * Images side by side in rows without anything between or around them, a pixel for a pixel:
 * for programs that lay them out themselves. Places without an image are black.
 * @returns an 8-bit grey PNG of columns · width × rows · height pixels
 * @throws NcnError when the array does not hold count × height × width pixels
 */
export function encodeTiles(images: GridImages, columns: number): Buffer {
  const { count, height, width, pixels } = images;
  if (pixels.length !== count * height * width) {
    throw imagesSize('pixels', pixels.length, [count, height, width]);
  }
  const rowPixels = columns * width;
  const data = new Float32Array(rowPixels * Math.ceil(count / columns) * height);
  for (let i = 0; i < count; i++) {
    const corner = Math.floor(i / columns) * height * rowPixels + (i % columns) * width;
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * width;
      data.set(pixels.subarray(from, from + width), corner + y * rowPixels);
    }
  }
  return encodeGrey({ width: rowPixels, height: data.length / rowPixels, data });
}
