import { crc32, deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';

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

/** A PNG from its parts, for depths and colour types that pngjs does not write. */
export function rawPng(
  header: { width: number; height: number; depth: number; colourType: number },
  rows: readonly (readonly number[])[],
  extra: readonly (readonly [string, readonly number[]])[] = [],
): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header.width, 0);
  ihdr.writeUInt32BE(header.height, 4);
  ihdr.set([header.depth, header.colourType, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', ihdr),
    ...extra.map(([type, data]) => chunk(type, Buffer.from(data))),
    chunk('IDAT', deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row])))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
