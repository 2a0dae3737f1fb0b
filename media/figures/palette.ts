import { crc32, deflateSync } from 'node:zlib';
import type { Raster } from '../../core/data/medium.js';

/** Pixels between which an index is worth looking for, and does not take long. */
const [fewest, most] = [4096, 1 << 20];

const colours = 256;

/**
 * A picture of at most 256 colours as a PNG with a palette: a third of the bytes before they are packed, and less behind it
 * where neighbours differ. Undefined for more colours, and for pictures so small or large that it does not pay.
 */
export function encodeIndexed({ width, height, channels, data }: Raster): Buffer | undefined {
  const pixels = width * height;
  if (channels !== 3 || pixels < fewest || pixels > most) return undefined;
  const known = new Map<number, number>();
  // Each row begins with its filter: none.
  const rows = Buffer.alloc((width + 1) * height);
  for (let i = 0; i < pixels; i++) {
    const colour =
      ((data[3 * i] ?? 0) << 16) | ((data[3 * i + 1] ?? 0) << 8) | (data[3 * i + 2] ?? 0);
    const index = known.get(colour) ?? known.size;
    if (index === colours) return undefined;
    known.set(colour, index);
    rows[i + Math.floor(i / width) + 1] = index;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits an index, a palette, the only methods, not interlaced
  const palette = Buffer.from(
    [...known.keys()].flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]),
  );
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** W3C PNG (third edition), 5.3. */
function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
