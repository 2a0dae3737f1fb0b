import { inflateSync } from 'node:zlib';
import crc from 'crc-32';

/** What a PNG says of itself; W3C PNG (third edition), 11.2.1. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly interlaced: boolean;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Samples of a pixel by colour type: grey, colours, palette, grey with opacity, colours with it. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** DEFLATE packs 258 bytes into two bits at best (zlib's technical details). */
const bestRatio = 1032;

/** Whether bytes begin as those of a PNG do. */
export const isPng = (bytes: Buffer): boolean =>
  bytes.subarray(0, signature.length).equals(signature);

/** Reads the header of what `isPng`. @throws Error where there is none, or it makes no sense */
export function readHeader(bytes: Buffer): PngHeader {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') {
    throw new Error('it has no header');
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const perPixel = samples[bytes.readUInt8(25)];
  if (width === 0 || height === 0) throw new Error(`it is ${width}×${height}`);
  if (perPixel === undefined) throw new Error('it has an unknown colour type');
  const bitsPerPixel = perPixel * bytes.readUInt8(24);
  return { width, height, bitsPerPixel, interlaced: bytes.readUInt8(28) === 1 };
}

/**
 * Checks that a PNG holds the rows that its header says; pngjs takes those that are missing for
 * black, and makes room for as many as it is told.
 * @throws Error where it holds fewer or more
 */
export function checkRows(bytes: Buffer, header: PngHeader): void {
  const wanted = unpackedLength(header);
  const data = Buffer.concat([...imageData(bytes)]);
  const pixels = `its ${header.width}×${header.height} pixels`;
  const tooFew = `its data end before ${pixels} do`;
  if (wanted > (data.length + 8) * bestRatio) throw new Error(tooFew);
  let found: number;
  try {
    found = inflateSync(data, { maxOutputLength: wanted }).length;
  } catch (error) {
    throw error instanceof RangeError ? new Error(`its data go on after ${pixels}`) : error;
  }
  if (found < wanted) throw new Error(tooFew);
}

/**
 * What is wrong with a PNG as a file; undefined where all its chunks are there and whole (W3C PNG, third
 * edition, 5.3). Nothing is unpacked.
 */
export function faultOfPng(bytes: Buffer): string | undefined {
  if (bytes.length === 0) return 'is empty';
  if (!isPng(bytes)) return 'is no PNG';
  for (let at = signature.length; at + 12 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) break;
    if (crc.buf(bytes.subarray(at + 4, end)) !== bytes.readInt32BE(end)) return 'is damaged';
    if (bytes.toString('latin1', at + 4, at + 8) === 'IEND') return undefined;
    at = end + 4;
  }
  return 'is cut off';
}

/** Bytes of the rows before they are packed: for each row a filter's number, then its pixels. */
function unpackedLength({ width, height, bitsPerPixel, interlaced }: PngHeader): number {
  const rows = (across: number, down: number): number =>
    across === 0 ? 0 : down * (1 + Math.ceil((across * bitsPerPixel) / 8));
  if (!interlaced) return rows(width, height);
  return adam7.reduce(
    (sum, [x, y, stepX, stepY]) =>
      sum + rows(Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)),
    0,
  );
}

/** The passes of an interlaced picture: where each begins, and its steps. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The contents of the chunks `IDAT`, in order. */
function* imageData(bytes: Buffer): Generator<Buffer, void, undefined> {
  for (let at = signature.length; at + 12 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') yield bytes.subarray(at + 8, end);
    at = end + 4;
  }
}
