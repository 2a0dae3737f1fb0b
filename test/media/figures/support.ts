import { crc32, deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import type { Raster } from '../../../core/data/medium.js';

/** Grey pictures of one value each, 28 × 28 unless said otherwise. */
export const greys = (values: readonly number[], width = 28, height = 28): Raster[] =>
  values.map((value) => ({
    ...{ width, height, channels: 1 },
    data: new Uint8Array(width * height).fill(value),
  }));

/** A picture of one colour. */
export const coloured = (colour: readonly number[], width = 32, height = 32): Raster => ({
  ...{ width, height, channels: 3 },
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => colour[i % 3] ?? 0),
});

/** What colour type a PNG is stored in: 0 grey, 2 colours. */
export const colourTypeOf = (png: Uint8Array): number => png[25] ?? -1;

/** Red, green and blue of a PNG at a place. */
export function colourAt(png: PNG, x: number, y: number): number[] {
  const i = (y * png.width + x) * 4;
  return [...png.data.subarray(i, i + 3)];
}

/** Pixels of a PNG near a colour. */
export function countColour(bytes: Buffer, colour: readonly number[]): number {
  const { data } = PNG.sync.read(bytes);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (colour.every((value, k) => Math.abs(value - (data[i + k] ?? 0)) < 24)) count++;
  }
  return count;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}

interface PngForm {
  width: number;
  height: number;
  depth: number;
  colourType: number;
  interlaced?: boolean;
}

/** A PNG from its parts, for depths and colour types that pngjs does not write. */
export function rawPng(
  header: Readonly<PngForm>,
  rows: readonly (readonly number[])[],
  extra: readonly (readonly [string, readonly number[]])[] = [],
): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header.width, 0);
  ihdr.writeUInt32BE(header.height, 4);
  ihdr.set([header.depth, header.colourType, 0, 0, Number(header.interlaced ?? false)], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', ihdr),
    ...extra.map(([type, data]) => chunk(type, Buffer.from(data))),
    chunk('IDAT', deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row])))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
