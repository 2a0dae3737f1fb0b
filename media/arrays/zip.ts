import { constants, inflateRawSync } from 'node:zlib';
import crc from 'crc-32';

/** A file of an archive. Nothing of it is unpacked before it is asked for. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked, as the archive says. */
  readonly length: number;
  /** Its beginning, of some kilobytes or more. @throws Error where it cannot be unpacked */
  head(): Buffer;
  /** @throws Error where it is damaged, or of another length than the archive says */
  unpack(): Buffer;
}

/** DEFLATE packs 258 bytes into two bits at best (zlib's technical details). */
const bestRatio = 1032;

/** Bytes of a packed file that its beginning is unpacked from. */
const headBytes = 1 << 13;

/**
 * The files of an archive, as its directory lists them (PKWARE APPNOTE 6.3.10; ZIP64 as well): stored or
 * deflated. Their sizes together are checked against that of the archive, so that what unpacking takes
 * is known before.
 * @throws Error saying what is wrong with the archive
 */
export function readZip(bytes: Buffer): ZipEntry[] {
  const { count, start } = findDirectory(bytes);
  const entries: ZipEntry[] = [];
  let at = start;
  let packed = 0;
  for (let i = 0; i < count; i++) {
    if (signature(bytes, at, 46) !== 0x02014b50) throw new Error('its directory is cut off');
    const [nameLength, extraLength] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30)];
    const end = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
    if (end > bytes.length) throw new Error('its directory is cut off');
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const [length = 0, size = 0, local = 0] = wide(extra, [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 42),
    ]);
    packed += size;
    // Names that share their data are how a small archive becomes an endless one.
    if (packed > bytes.length) throw new Error('its files are larger than itself');
    const method = bytes.readUInt16LE(at + 10);
    if ((bytes.readUInt16LE(at + 8) & 1) !== 0) throw new Error(`'${name}' is encrypted`);
    if (method !== 0 && method !== 8) throw new Error(`'${name}' is packed by method ${method}`);
    if (method === 0 ? length !== size : length > size * bestRatio) {
      throw new Error(`'${name}' cannot be of ${length} bytes: ${size} are there`);
    }
    const checksum = bytes.readUInt32LE(at + 16);
    const data = dataOf(bytes, name, local, size);
    entries.push(entryOf({ name, length, data, checksum, packed: method === 8 }));
    at = end;
  }
  return entries;
}

function entryOf(file: {
  readonly name: string;
  readonly length: number;
  readonly data: Buffer;
  readonly checksum: number;
  readonly packed: boolean;
}): ZipEntry {
  const { name, length, data, packed } = file;
  return {
    name,
    length,
    head: () =>
      packed
        ? inflateRawSync(data.subarray(0, headBytes), { finishFlush: constants.Z_SYNC_FLUSH })
        : data.subarray(0, headBytes),
    unpack: () => {
      let content = data;
      try {
        if (packed) content = inflateRawSync(data, { maxOutputLength: Math.max(1, length) });
      } catch (error) {
        throw error instanceof RangeError
          ? new Error(`'${name}' is longer than the ${length} bytes that are said`)
          : error;
      }
      if (content.length !== length) {
        throw new Error(`'${name}' has ${content.length} bytes of ${length}`);
      }
      if (crc.buf(content) >>> 0 !== file.checksum) throw new Error(`'${name}' is damaged`);
      return content;
    },
  };
}

const signature = (bytes: Buffer, at: number, length: number): number =>
  at >= 0 && at + length <= bytes.length ? bytes.readUInt32LE(at) : 0;

const number64 = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at));

/** Where the directory begins, and how many files it lists. */
function findDirectory(bytes: Buffer): { readonly count: number; readonly start: number } {
  const longestComment = 0xffff;
  for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 22 - longestComment; at--) {
    if (signature(bytes, at, 22) !== 0x06054b50) continue;
    if (signature(bytes, at - 20, 20) !== 0x07064b50) {
      return { count: bytes.readUInt16LE(at + 10), start: bytes.readUInt32LE(at + 16) };
    }
    const large = number64(bytes, at - 20 + 8);
    if (signature(bytes, large, 56) !== 0x06064b50) throw new Error('its end is damaged');
    return { count: number64(bytes, large + 32), start: number64(bytes, large + 48) };
  }
  throw new Error('it is no archive, or one that is cut off');
}

/** Sizes and places that do not fit into 32 bits stand in the extra field of kind 1, in this order. */
function wide(extra: Buffer, narrow: readonly number[]): number[] {
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== 1) {
    at += 4 + extra.readUInt16LE(at + 2);
  }
  at += 4;
  return narrow.map((value) => {
    if (value !== 0xffffffff || at + 8 > extra.length) return value;
    at += 8;
    return number64(extra, at - 8);
  });
}

/** What lies behind a file's own header. */
function dataOf(bytes: Buffer, name: string, local: number, size: number): Buffer {
  if (signature(bytes, local, 30) !== 0x04034b50) throw new Error(`'${name}' is not there`);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  if (start + size > bytes.length) throw new Error(`'${name}' is cut off`);
  return bytes.subarray(start, start + size);
}
