import { deflateRawSync } from 'node:zlib';
import crc from 'crc-32';

/** A file to be packed, and what the archive is to say of it where that is not the truth. */
export interface PackedFile {
  readonly name: string;
  readonly content: Buffer;
  /** Bytes when unpacked. */
  readonly length?: number;
  /** Whether its data are those of the file before it. */
  readonly sameData?: boolean;
}

/** An archive as `numpy.savez_compressed` makes it, without ZIP64. */
export function zipFile(files: readonly PackedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let size = 0;
  let [at, packed] = [0, Buffer.alloc(0)];
  for (const { name, content, length = content.length, sameData = false } of files) {
    const title = Buffer.from(name);
    if (!sameData) {
      packed = deflateRawSync(content);
      at = size;
      const local = Buffer.alloc(30);
      local.writeUInt32LE(0x04034b50, 0);
      local.writeUInt16LE(title.length, 26);
      parts.push(local, title, packed);
      size += 30 + title.length + packed.length;
    }
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeInt32LE(crc.buf(content), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(length, 24);
    entry.writeUInt16LE(title.length, 28);
    entry.writeUInt32LE(at, 42);
    directory.push(entry, title);
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(size, 16);
  return Buffer.concat([...parts, list, end]);
}

/** As numpy.save writes it, format 1.0. @param shape as Python prints it: `(2, 3)` */
export function npyFile(type: string, shape: string, numbers: Buffer): Buffer {
  const about = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = Buffer.from(`${about.padEnd(117)}\n`);
  const magic = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
  return Buffer.concat([magic, Buffer.from([header.length, 0]), header, numbers]);
}
