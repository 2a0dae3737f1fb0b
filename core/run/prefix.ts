import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileSystemRefused, systemCode } from '../errors/run.js';

/** How a file begins. */
export interface Prefix {
  readonly bytes: number;
  /** SHA-256 of these bytes, hex. */
  readonly sha256: string;
}

/** The hash of a file's first bytes, to go on with. @throws NcnError where it cannot be read */
export async function hashPrefix(path: string, bytes: number): Promise<Hash> {
  const hash = createHash('sha256');
  if (bytes === 0) return hash;
  try {
    const stream: AsyncIterable<Buffer> = createReadStream(path, { end: bytes - 1 });
    for await (const chunk of stream) hash.update(chunk);
  } catch (error) {
    throw fileSystemRefused('read', path, error);
  }
  return hash;
}

/** What is wrong with a file that must begin so, for people; undefined where nothing is. */
export async function prefixFault(path: string, expected: Prefix): Promise<string | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return 'is no regular file';
    if (found.size < expected.bytes) {
      return `has ${found.size} bytes where ${expected.bytes} were written: lines are missing`;
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      return expected.bytes === 0 ? undefined : 'is missing';
    }
    throw fileSystemRefused('read', path, error);
  }
  const sha256 = (await hashPrefix(path, expected.bytes)).digest('hex');
  return sha256 === expected.sha256 ? undefined : 'is not what was written: lines were changed';
}
