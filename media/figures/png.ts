import { readFile } from 'node:fs/promises';
import { constants } from 'node:zlib';
import { PNG } from 'pngjs';
import type { Raster } from '../../core/data/medium.js';
import { notPng, pictureCorrupt, pictureUnreadable } from '../errors/figures.js';

/** A grey picture: pixels in [0, 1], height × width. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A grey picture as it is stored: 0 is black, 255 white; height × width. */
export interface GreyBytes {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A colour picture: red, green, blue and opacity from 0 to 255, height × width × 4. */
export interface ColourPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Clamps pixels to [0, 1] (NaN is black), as bytes. */
export function toBytes(pixels: Float32Array): Uint8Array {
  // A Uint8ClampedArray rounds, and takes NaN for 0.
  const bytes = new Uint8ClampedArray(pixels.length);
  for (let i = 0; i < pixels.length; i++) bytes[i] = (pixels[i] ?? 0) * 255;
  return new Uint8Array(bytes.buffer);
}

/** Encodes a grey picture, clamped to [0, 1] (NaN is black), as an 8-bit grey PNG. */
export function encodeGrey({ width, height, data }: GreyPicture): Buffer {
  return encodeBytes({ width, height, data: toBytes(data) });
}

/**
 * Encodes grey bytes as a PNG. Each row is stored as its difference to the one above, and runs are
 * packed: enlarged pixels get small in a tenth of the time that trying everything takes.
 */
export function encodeBytes({ width, height, data }: GreyBytes): Buffer {
  const form = { colorType: 0, inputColorType: 0, inputHasAlpha: false } as const;
  const png = new PNG({ width, height, ...form });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.length);
  return PNG.sync.write(png, { ...form, filterType: 2, deflateStrategy: constants.Z_RLE });
}

/** Encodes a colour picture as an 8-bit RGBA PNG. */
export function encodeColour({ width, height, data }: ColourPicture): Buffer {
  const png = new PNG({ width, height });
  png.data.set(data);
  return PNG.sync.write(png, { colorType: 6, filterType: 2, deflateStrategy: constants.Z_RLE });
}

/** 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) of the pixel at `i`. */
export const luma = (pixels: Uint8Array, i: number): number =>
  0.299 * (pixels[i] ?? 0) + 0.587 * (pixels[i + 1] ?? 0) + 0.114 * (pixels[i + 2] ?? 0);

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A picture with values from 0 to 1, height × width × channels. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * Decodes a PNG of any colour type and bit depth, at its full depth, over black where transparent.
 * @param channels 1: colours become their luma, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601);
 *   3: red, green and blue, equal where the file is grey
 * @param where names the picture in errors
 * @throws NcnError when the bytes are no PNG, or a corrupt one
 */
export function decodePicture(bytes: Uint8Array, where: string, channels: 1 | 3): DecodedPicture {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!buffer.subarray(0, signature.length).equals(signature)) throw notPng(where);
  let png;
  try {
    // Rescaling would round 16 bits to 8.
    png = PNG.sync.read(buffer, { skipRescale: true });
  } catch (error) {
    throw pictureCorrupt(where, error);
  }
  const { width, height, depth, color, bpp } = png;
  // One sample a pixel, yet coloured: an index. A palette's colours are bytes at any depth.
  const peak = color && bpp === 1 ? 255 : 2 ** depth - 1;
  const data = new Float32Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    const opacity = png.data[i * 4 + 3] ?? 0;
    if (channels === 1) data[i] = ((luma(png.data, i * 4) / peak) * opacity) / peak;
    for (let c = 0; channels === 3 && c < 3; c++) {
      data[i * 3 + c] = (((png.data[i * 4 + c] ?? 0) / peak) * opacity) / peak;
    }
  }
  return { width, height, data };
}

/** As {@link decodePicture}, grey. */
export const decodeGrey = (bytes: Uint8Array, where: string): GreyPicture =>
  decodePicture(bytes, where, 1);

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

/** Encodes a picture as an 8-bit PNG, grey or in colour. */
export function encodeRaster({ width, height, channels, data }: Raster): Buffer {
  if (channels === 1) return encodeBytes({ width, height, data });
  const form = { colorType: 2, inputColorType: 2, inputHasAlpha: false } as const;
  const png = new PNG({ width, height, ...form });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.length);
  return PNG.sync.write(png, { ...form, filterType: 2, deflateStrategy: constants.Z_RLE });
}
