import crc32c from 'crc-32/crc32c.js';

const headerBytes = 12;
const footerBytes = 4;

/** The checksum of TFRecord files: CRC-32C, rotated right by 15 bits, plus a constant. */
export function maskedCrc(data: Uint8Array): number {
  const crc = crc32c.buf(data) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/**
 * Frames bytes as one record of a TFRecord file: length (64 bits), its checksum, the bytes, their
 * checksum; little endian.
 */
export function frameRecord(data: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(headerBytes + data.byteLength + footerBytes);
  record.writeBigUInt64LE(BigInt(data.byteLength), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, headerBytes);
  record.writeUInt32LE(maskedCrc(data), headerBytes + data.byteLength);
  return record;
}

export interface RecordAt {
  readonly data: Buffer;
  /** Offset of the byte after the record. */
  readonly end: number;
}

/**
 * The whole records at the start of a TFRecord file, in order; what follows the last whole one (a
 * torn record, or one whose checksum is wrong) is left out.
 */
export function* readRecords(file: Buffer): Generator<RecordAt, void, undefined> {
  let at = 0;
  while (at + headerBytes <= file.length) {
    if (file.readUInt32LE(at + 8) !== maskedCrc(file.subarray(at, at + 8))) return;
    const length = Number(file.readBigUInt64LE(at));
    const end = at + headerBytes + length + footerBytes;
    if (end > file.length) return;
    const data = file.subarray(at + headerBytes, end - footerBytes);
    if (file.readUInt32LE(end - footerBytes) !== maskedCrc(data)) return;
    yield { data, end };
    at = end;
  }
}

/**
 * Where the last whole record ends: what follows is torn. A damaged record in between does not hide
 * those after it.
 */
export function endOfRecords(file: Buffer): number {
  let end = 0;
  for (let at = 0; at + headerBytes <= file.length;) {
    const next = nextAfter(file, at);
    if (next === undefined) at++;
    else if (next > file.length) return end;
    else end = at = next;
  }
  return end;
}

/** Where a record that begins here ends; undefined where none does. */
function nextAfter(file: Buffer, at: number): number | undefined {
  if (file.readUInt32LE(at + 8) !== maskedCrc(file.subarray(at, at + 8))) return undefined;
  return at + headerBytes + Number(file.readBigUInt64LE(at)) + footerBytes;
}
