import {
  idxEmpty,
  idxMagic,
  idxRank,
  idxTrailing,
  idxTruncated,
  idxType,
} from '../../errors/data.js';
import { readStored } from '../../files/content.js';
import type { GreyImages } from './bytes.js';

/** Types of the IDX format (described with MNIST by LeCun, Cortes and Burges), by their byte. */
const types = new Map([
  [0x08, 'unsigned bytes'],
  [0x09, 'signed bytes'],
  [0x0b, '16-bit integers'],
  [0x0c, '32-bit integers'],
  [0x0d, '32-bit floats'],
  [0x0e, '64-bit floats'],
]);

const HEADER = 16;

/**
 * Reads a file of grey images in IDX format, plain or gzip.
 *
 * @throws NcnError: those of {@link parseIdxImages} and {@link readStored}.
 */
export async function readIdxImages(path: string): Promise<GreyImages> {
  return parseIdxImages(await readIdxContent(path), path);
}

/** The (decompressed) content of such a file, no more of it than its header says. @throws NcnError */
export async function readIdxContent(path: string): Promise<Uint8Array> {
  const stored = await readStored(path);
  const head = stored.head();
  // What unpacks to something else, or to more than it says, is refused before it takes the memory.
  const limit = head.length < HEADER ? HEADER : HEADER + parseIdxHeader(head, path).size;
  return (await stored.content(limit)).bytes;
}

/** What an IDX file of these images holds, before it is packed. */
export function idxContent({ count, height, width, pixels }: GreyImages): Uint8Array {
  const content = new Uint8Array(HEADER + pixels.length);
  const view = new DataView(content.buffer);
  [0x803, count, height, width].forEach((value, i) => view.setUint32(4 * i, value));
  content.set(pixels, HEADER);
  return content;
}

interface IdxHeader {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Bytes of all pixels. */
  readonly size: number;
}

/**
 * The images in the (decompressed) content of an IDX file: magic number 0x00000803, then count,
 * height and width as big-endian 32-bit integers, then one byte a pixel. The pixels share memory
 * with `content`.
 *
 * @param where the path, for messages
 * @throws NcnError (`NCN_DATA_EMPTY`, `_MAGIC`, `_TYPE`, `_RANK`, `_TRUNCATED`, `_TRAILING`).
 */
export function parseIdxImages(content: Uint8Array, where: string): GreyImages {
  const { count, height, width, size } = parseIdxHeader(content, where);
  const why = `a header of ${HEADER} and ${count} × ${height} × ${width}`;
  if (content.length < HEADER + size) throw idxTruncated(where, content.length, HEADER + size, why);
  if (content.length > HEADER + size) throw idxTrailing(where, content.length, HEADER + size, why);
  return { count, height, width, pixels: content.subarray(HEADER) };
}

function parseIdxHeader(content: Uint8Array, where: string): IdxHeader {
  if (content.length === 0) throw idxEmpty(where, 'it has 0 bytes');
  const [zero0, zero1, type, rank] = content;
  if (zero0 !== 0 || (zero1 ?? 0) !== 0) throw idxMagic(where, `the bytes ${hex(content)}`);
  if (type === undefined || rank === undefined) {
    throw idxTruncated(where, content.length, HEADER, 'the header');
  }
  const typeName = types.get(type);
  if (typeName === undefined) throw idxMagic(where, `the bytes ${hex(content)}`);
  if (type !== 0x08) throw idxType(where, typeName);
  if (rank !== 3) throw idxRank(where, rank);
  if (content.length < HEADER) throw idxTruncated(where, content.length, HEADER, 'the header');
  const view = new DataView(content.buffer, content.byteOffset, HEADER);
  const count = view.getUint32(4);
  const height = view.getUint32(8);
  const width = view.getUint32(12);
  const shape = `${count} × ${height} × ${width}`;
  const size = count * height * width;
  if (size === 0) throw idxEmpty(where, `its header says ${shape}`);
  return { count, height, width, size };
}

function hex(content: Uint8Array): string {
  return [...content.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
