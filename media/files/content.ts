import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import { fileMissing, fileUnreadable, gzipCorrupt, gzipTruncated } from '../errors/data.js';

const gunzip = promisify(gunzipCallback);

export interface Content {
  /** What the file holds, decompressed. */
  readonly bytes: Uint8Array;
  /** Whether it was stored as gzip. */
  readonly gzipped: boolean;
  /** Bytes on the disk. */
  readonly stored: number;
}

/** The `code` of a system or zlib error, or undefined. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}

/**
 * Reads a file, plain or gzip: told apart by the first two bytes, not by the name.
 *
 * @param expected what should be there, for the message where it is not
 * @throws NcnError (`NCN_DATA_MISSING`, `_UNREADABLE`, `_GZIP_TRUNCATED`, `_GZIP_CORRUPT`).
 */
export async function readContent(path: string, expected = 'an IDX file'): Promise<Content> {
  let stored: Uint8Array;
  try {
    stored = await readFile(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fileMissing(path, expected);
    throw fileUnreadable(path, error);
  }
  return decompress(stored, path);
}

/**
 * @param where a path or an address, for messages
 * @throws NcnError (`NCN_DATA_GZIP_TRUNCATED`, `_GZIP_CORRUPT`).
 */
export async function decompress(stored: Uint8Array, where: string): Promise<Content> {
  const gzipped = stored[0] === 0x1f && stored[1] === 0x8b;
  if (!gzipped) return { bytes: stored, gzipped, stored: stored.length };
  try {
    return { bytes: await gunzip(stored), gzipped, stored: stored.length };
  } catch (error) {
    throw errorCode(error) === 'Z_BUF_ERROR'
      ? gzipTruncated(where, error)
      : gzipCorrupt(where, error);
  }
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
