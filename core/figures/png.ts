import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { notPng, pictureCorrupt, pictureUnreadable } from '../errors/figures.js';

/** A grey picture: pixels in [0, 1], height × width. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A colour picture: red, green, blue and opacity from 0 to 255, height × width × 4. */
export interface ColourPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Encodes a grey picture, clamped to [0, 1] (NaN is black), as an 8-bit grey PNG. */
export function encodeGrey({ width, height, data }: GreyPicture): Buffer {
  const png = new PNG({ width, height, colorType: 0 });
  data.forEach((value, i) => {
    const byte = Math.round(Math.min(1, Math.max(0, value)) * 255);
    png.data.fill(byte, i * 4, i * 4 + 3);
    png.data[i * 4 + 3] = 255;
  });
  return PNG.sync.write(png, { colorType: 0 });
}

/** Encodes a colour picture as an 8-bit RGBA PNG. */
export function encodeColour({ width, height, data }: ColourPicture): Buffer {
  const png = new PNG({ width, height });
  png.data.set(data);
  return PNG.sync.write(png, { colorType: 6 });
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Decodes a PNG of any colour type and bit depth, at its full depth; colours become their luma,
 * 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), over black where transparent.
 * @param where names the picture in errors
 * @throws NcnError when the bytes are no PNG, or a corrupt one
 */
export function decodeGrey(bytes: Buffer, where: string): GreyPicture {
  if (!bytes.subarray(0, signature.length).equals(signature)) throw notPng(where);
  let png;
  try {
    // Rescaling would round 16 bits to 8.
    png = PNG.sync.read(bytes, { skipRescale: true });
  } catch (error) {
    throw pictureCorrupt(where, error);
  }
  const { width, height, depth, color, bpp } = png;
  // One sample a pixel, yet coloured: an index. A palette's colours are bytes at any depth.
  const peak = color && bpp === 1 ? 255 : 2 ** depth - 1;
  const data = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const [r = 0, g = 0, b = 0, a = 0] = png.data.subarray(i * 4, i * 4 + 4);
    data[i] = (((0.299 * r + 0.587 * g + 0.114 * b) / peak) * a) / peak;
  }
  return { width, height, data };
}

/** Reads a PNG file. @throws NcnError when it cannot be read, is no PNG, or a corrupt one */
export async function readGrey(path: string): Promise<GreyPicture> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw pictureUnreadable(path, error);
  }
  return decodeGrey(bytes, path);
}
