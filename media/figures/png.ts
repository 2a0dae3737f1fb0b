import { constants } from 'node:zlib';
import { PNG } from 'pngjs';
import type { Raster } from '../../core/data/medium.js';
import { NcnError } from '../../core/errors/error.js';
import { notPng, pictureCorrupt, pictureSize } from '../errors/figures.js';
import { encodeIndexed } from './palette.js';
import { checkRows, isPng, readHeader } from './png-header.js';
import { luma } from './rasters.js';

/** A grey picture: pixels in [0, 1], height × width. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
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
  return encodeRaster({ width, height, channels: 1, data: toBytes(data) });
}

/**
 * Encodes a picture as an 8-bit PNG, grey, of few colours, or of many. Each row is stored as its difference to the
 * one above, and runs are packed: enlarged pixels get small in a tenth of the time that trying
 * everything takes.
 */
export function encodeRaster({ width, height, channels, data }: Raster): Buffer {
  const indexed = encodeIndexed({ width, height, channels, data });
  if (indexed !== undefined) return indexed;
  const colorType = channels === 1 ? 0 : 2;
  const form = { colorType, inputColorType: colorType, inputHasAlpha: false } as const;
  const png = new PNG({ width, height, ...form });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.length);
  return PNG.sync.write(png, { ...form, filterType: 2, deflateStrategy: constants.Z_RLE });
}

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
 * @param wanted its size; one of another size is refused before any of it is unpacked
 * @throws NcnError when the bytes are no PNG, or a corrupt one, or of another size
 */
export function decodePicture(
  bytes: Uint8Array,
  where: string,
  channels: 1 | 3,
  wanted?: { readonly width: number; readonly height: number },
): DecodedPicture {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isPng(buffer)) throw notPng(where);
  let png;
  try {
    const header = readHeader(buffer);
    if (wanted !== undefined && (header.width !== wanted.width || header.height !== wanted.height))
      throw pictureSize(where, header.width, header.height, `${wanted.width}×${wanted.height}`);
    checkRows(buffer, header);
    // Rescaling would round 16 bits to 8.
    png = PNG.sync.read(buffer, { skipRescale: true });
  } catch (error) {
    throw error instanceof NcnError ? error : pictureCorrupt(where, error);
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
