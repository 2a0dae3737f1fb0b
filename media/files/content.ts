import { constants } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants as zlib, gunzip as gunzipCallback, gunzipSync } from 'node:zlib';
import {
  fileMissing,
  fileUnreadable,
  gzipCorrupt,
  gzipTooLong,
  gzipTruncated,
} from '../errors/data.js';

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

/** A file as it is stored, plain or gzip: told apart by the first two bytes, not by the name. */
export class StoredContent {
  readonly gzipped: boolean;

  /** @param where a path or an address, for messages */
  constructor(
    private readonly stored: Uint8Array,
    private readonly where: string,
  ) {
    this.gzipped = stored[0] === 0x1f && stored[1] === 0x8b;
  }

  /** The first bytes of the content: 16 at least, where it has so many and they are undamaged. */
  head(): Uint8Array {
    if (!this.gzipped) return this.stored.subarray(0, enough);
    for (const part of headParts) {
      try {
        const bytes = this.stored.subarray(0, part);
        const head = gunzipSync(bytes, { finishFlush: zlib.Z_SYNC_FLUSH });
        if (head.length >= enough) return head.subarray(0, enough);
      } catch {
        // All of it says what is wrong.
        break;
      }
    }
    return new Uint8Array();
  }

  /**
   * @param limit bytes that the content may have: a kilobyte of gzip may hold a megabyte
   * @throws NcnError (`NCN_DATA_GZIP_TRUNCATED`, `_GZIP_CORRUPT`, `_TRAILING`).
   */
  async content(limit: number): Promise<Content> {
    const { stored, gzipped, where } = this;
    const plain = stored.length;
    if (!gzipped) return { bytes: stored, gzipped, stored: plain };
    const maxOutputLength = Math.min(Math.max(1, limit), constants.MAX_LENGTH);
    const chunkSize = Math.max(leastChunk, Math.min(statedLength(stored) + 1, maxOutputLength));
    try {
      return {
        bytes: await gunzip(stored, { maxOutputLength, chunkSize }),
        gzipped,
        stored: plain,
      };
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ERR_BUFFER_TOO_LARGE') throw gzipTooLong(where, maxOutputLength);
      throw code === 'Z_BUF_ERROR' ? gzipTruncated(where, error) : gzipCorrupt(where, error);
    }
  }
}

/**
 * Bytes that are unpacked at a time: each piece costs a turn of the event loop, and several are copied together
 * at the end. So it is all in one, by what the file says of its length; where that is wrong, more pieces come.
 */
const leastChunk = 2 ** 20;

/** By the last four bytes of gzip; no more than so many bytes can hold (1032 times as many at best). */
function statedLength({ buffer, byteOffset, length }: Uint8Array): number {
  if (length < 4) return 0;
  const stated = new DataView(buffer, byteOffset, length).getUint32(length - 4, true);
  return Math.min(stated, 1032 * length);
}

/** Bytes that tell what a file is. */
const enough = 16;

/** Bytes of gzip that hold the first of the content: a name or a comment may stand before it. */
const headParts = [1024, 70_000] as const;

/**
 * @param expected what should be there, for the message where it is not
 * @throws NcnError (`NCN_DATA_MISSING`, `_UNREADABLE`).
 */
export async function readStored(path: string, expected = 'an IDX file'): Promise<StoredContent> {
  try {
    return new StoredContent(await readFile(path), path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fileMissing(path, expected);
    throw fileUnreadable(path, error);
  }
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
