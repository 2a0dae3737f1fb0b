import { arrayInvalid } from '../errors/sets.js';

/** An array of numbers in C order. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

type Reader = (view: DataView, at: number, little: boolean) => number;

/** Bytes of a number and how it is read, by the type of numpy without its byte order. */
const types: ReadonlyMap<string, readonly [bytes: number, read: Reader]> = new Map<
  string,
  readonly [number, Reader]
>([
  ['b1', [1, (view, at) => Number(view.getUint8(at) !== 0)]],
  // Unsigned bytes are pixels.
  ['u1', [1, (view, at) => view.getUint8(at) / 255]],
  ['i1', [1, (view, at) => view.getInt8(at)]],
  ['u2', [2, (view, at, little) => view.getUint16(at, little)]],
  ['i2', [2, (view, at, little) => view.getInt16(at, little)]],
  ['u4', [4, (view, at, little) => view.getUint32(at, little)]],
  ['i4', [4, (view, at, little) => view.getInt32(at, little)]],
  ['u8', [8, (view, at, little) => Number(view.getBigUint64(at, little))]],
  ['i8', [8, (view, at, little) => Number(view.getBigInt64(at, little))]],
  ['f2', [2, (view, at, little) => halfOf(view.getUint16(at, little))]],
  ['f4', [4, (view, at, little) => view.getFloat32(at, little)]],
  ['f8', [8, (view, at, little) => view.getFloat64(at, little)]],
]);

/** The number that 16 bits are (IEEE 754, binary16). */
function halfOf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits >> 15 === 0 ? 1 : -1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const magic = '\x93NUMPY';

/** What an array says of itself, before its numbers. */
export interface NpyHeader {
  readonly shape: readonly number[];
  /** Of the numbers. */
  readonly count: number;
  /** Of the whole file, header and numbers. */
  readonly bytes: number;
  /** Whether it holds unsigned bytes: pixels. */
  readonly pixels: boolean;
  /** Of the header. */
  readonly start: number;
  readonly read: (view: DataView, at: number) => number;
  readonly size: number;
}

/** What numpy calls unsafe to parse is longer (numpy/lib/format.py, _MAX_HEADER_SIZE). */
const longestHeader = 10_000;

/**
 * Reads the header of an array as numpy.save writes it (format 1.0 to 3.0, numpy/lib/format.py).
 * @param head beginning of the file, or all of it
 * @param where names the file in errors
 * @throws NcnError `NCN_ARRAY_INVALID` for another format or type, or Fortran order
 */
export function readNpyHeader(head: Uint8Array, where: string): NpyHeader {
  const buffer = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (buffer.length < 12 || buffer.toString('latin1', 0, 6) !== magic) {
    throw arrayInvalid(where, 'it does not begin as an array of numpy');
  }
  const long = (buffer[6] ?? 0) > 1;
  const from = long ? 12 : 10;
  const start = from + (long ? buffer.readUInt32LE(8) : buffer.readUInt16LE(8));
  if (start > from + longestHeader) throw arrayInvalid(where, 'its header is too long');
  const header = buffer.toString('latin1', from, start);
  const [, order = '', type = ''] = /'descr': '([<>|=])(\w+)'/.exec(header) ?? [];
  const [, sides] = /'shape': \(([\d, L]*)\)/.exec(header) ?? [];
  if (sides === undefined) throw arrayInvalid(where, 'its header says no shape');
  const known = types.get(type);
  if (known === undefined) {
    const found = /'descr': ([^}]*?), 'fortran/.exec(header)?.[1] ?? 'unknown';
    throw arrayInvalid(where, `it holds the type ${found}`);
  }
  if (header.includes("'fortran_order': True")) throw arrayInvalid(where, 'it is in Fortran order');
  const shape = (sides.match(/\d+/g) ?? []).map(Number);
  const [size, read] = known;
  const count = shape.reduce((a, b) => a * b, 1);
  return {
    ...{ shape, count, size, start, pixels: type === 'u1', bytes: start + count * size },
    read: (view, at) => read(view, at, order !== '>'),
  };
}

/** @throws NcnError where a file has not the length that its header says */
export function checkNpyLength({ bytes, shape }: NpyHeader, length: number, where: string): void {
  if (length === bytes) return;
  const expected = `${bytes} bytes for the shape (${shape.join(', ')})`;
  throw arrayInvalid(where, `it has ${length} bytes; expected ${expected}`);
}

/**
 * Reads an array. Numbers become float32; unsigned bytes are pixels and are divided by 255.
 * @throws NcnError as {@link readNpyHeader}, and for a file that is cut off
 */
export function readNpy(bytes: Uint8Array, where: string): NumberArray {
  const header = readNpyHeader(bytes, where);
  checkNpyLength(header, bytes.length, where);
  const { shape, count, size, start, read } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, count * size);
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = read(view, i * size);
  return { shape, data };
}
