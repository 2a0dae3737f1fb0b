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
  ['f4', [4, (view, at, little) => view.getFloat32(at, little)]],
  ['f8', [8, (view, at, little) => view.getFloat64(at, little)]],
]);

const magic = '\x93NUMPY';

/**
 * Reads an array as numpy.save writes it (format 1.0 to 3.0, numpy/lib/format.py). Numbers become
 * float32; unsigned bytes are pixels and are divided by 255.
 * @param where names the file in errors
 * @throws NcnError `NCN_ARRAY_INVALID` for another format or type, Fortran order, or a cut-off file
 */
export function readNpy(bytes: Uint8Array, where: string): NumberArray {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 12 || buffer.toString('latin1', 0, 6) !== magic) {
    throw arrayInvalid(where, 'it does not begin as an array of numpy');
  }
  const long = (buffer[6] ?? 0) > 1;
  const start = long ? 12 : 10;
  const end = start + (long ? buffer.readUInt32LE(8) : buffer.readUInt16LE(8));
  const header = buffer.toString('latin1', start, end);
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
  if (buffer.length !== end + count * size) {
    const expected = `${end + count * size} bytes for the shape (${shape.join(', ')})`;
    throw arrayInvalid(where, `it has ${buffer.length} bytes; expected ${expected}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + end, count * size);
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = read(view, i * size, order !== '>');
  return { shape, data };
}
