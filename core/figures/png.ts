import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { notPng, pictureUnreadable } from '../errors/figures.js';

/** A grey picture: pixels in [0, 1], height × width. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Encodes a grey picture, clamped to [0, 1], as an 8-bit PNG. */
export function encodeGrey({ width, height, data }: GreyPicture): Buffer {
  const png = new PNG({ width, height, colorType: 0 });
  data.forEach((value, i) => {
    const byte = Math.round(Math.min(1, Math.max(0, value)) * 255);
    png.data.fill(byte, i * 4, i * 4 + 3);
    png.data[i * 4 + 3] = 255;
  });
  return PNG.sync.write(png, { colorType: 0 });
}

/**
 * Decodes a PNG; colours become their luma, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), over
 * black where transparent.
 * @param where names the picture in errors
 * @throws NcnError when the bytes are no PNG
 */
export function decodeGrey(bytes: Buffer, where: string): GreyPicture {
  let png: PNG;
  try {
    png = PNG.sync.read(bytes);
  } catch (error) {
    throw notPng(where, error);
  }
  const { width, height } = png;
  const data = Float32Array.from({ length: width * height }, (_, i) => {
    const [r = 0, g = 0, b = 0, a = 0] = png.data.subarray(i * 4, i * 4 + 4);
    return (((0.299 * r + 0.587 * g + 0.114 * b) / 255) * a) / 255;
  });
  return { width, height, data };
}

/** Reads a PNG file. @throws NcnError when it cannot be read or is no PNG */
export async function readGrey(path: string): Promise<GreyPicture> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw pictureUnreadable(path, error);
  }
  return decodeGrey(bytes, path);
}
