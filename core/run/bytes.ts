import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { fileSystemRefused } from '../errors/run.js';

/** Small enough that signals are heard between two chunks. */
const chunkBytes = 4 << 20;

const littleEndian = endianness() === 'LE';

/** The tensor's bytes as files hold them, little-endian; a view wherever the machine is. */
export function bytesOf(data: Float32Array): Uint8Array {
  const view = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return littleEndian ? view : Buffer.from(view).swap32();
}

/** Turns bytes read from a file into the machine's order, in place. */
export function toHostOrder(data: Float32Array): void {
  if (!littleEndian) Buffer.from(data.buffer, data.byteOffset, data.byteLength).swap32();
}

/** Writes all bytes at the file's end, hashing them on the way. */
export async function writeHashed(file: FileHandle, bytes: Uint8Array, hash: Hash): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    // A write may be short, on a nearly full disk for one.
    const { bytesWritten } = await file.write(chunk);
    hash.update(chunk.subarray(0, bytesWritten));
    at += bytesWritten;
  }
}

/** Fills `target` from `position` on; false where the file ends before. */
export async function readHashed(
  file: FileHandle,
  target: Uint8Array,
  position: number,
  hash: Hash,
): Promise<boolean> {
  for (let at = 0; at < target.byteLength;) {
    const chunk = target.subarray(at, at + chunkBytes);
    const { bytesRead } = await file.read(chunk, 0, chunk.byteLength, position + at);
    if (bytesRead === 0) return false;
    hash.update(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
  return true;
}

/** SHA-256 (hex) of a file, read in pieces. @throws NcnError where it cannot be read. */
export async function sha256OfFile(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const hash = createHash('sha256');
      const chunk = new Uint8Array(chunkBytes);
      for (;;) {
        const { bytesRead } = await file.read(chunk, 0, chunk.byteLength, null);
        if (bytesRead === 0) return hash.digest('hex');
        hash.update(chunk.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileSystemRefused('read', path, error);
  }
}
