import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteCache } from '../engine/types.js';
import { writeFileAtomic } from './atomic.js';

const digestLength = 32;

/**
 * Bytes by name in a folder of the user's cache, for the next process. What is damaged counts as not there; where
 * the folder cannot be written, nothing is kept.
 */
export class KeptFiles implements ByteCache {
  /**
   * @param maker who keeps them: what another kept is not found
   * @param most bytes of all files together; beyond, those that were not used for the longest time go
   */
  constructor(
    private readonly folder: string,
    private readonly maker: string,
    private readonly most = 64 * 2 ** 20,
  ) {}

  find(key: string): Uint8Array | undefined {
    const path = this.pathOf(key);
    try {
      const found = readFileSync(path);
      const bytes = found.subarray(digestLength);
      if (!digestOf(bytes).equals(found.subarray(0, digestLength))) return undefined;
      const now = new Date();
      utimes(path, now, now).catch(ignore);
      return bytes;
    } catch {
      return undefined;
    }
  }

  /** Begins to write them. What fails is not there the next time. */
  keep(key: string, bytes: Uint8Array): void {
    this.write(key, bytes).catch(ignore);
  }

  /** @throws NcnError where the folder cannot be written */
  async write(key: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFileAtomic(this.pathOf(key), Buffer.concat([digestOf(bytes), bytes]));
    await this.prune();
  }

  /** Removes what was not used for the longest time; so goes what a process that ended left half written. */
  private async prune(): Promise<void> {
    const names = await readdir(this.folder);
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.folder, name);
        const { size, mtimeMs } = await stat(path);
        return { path, size, mtimeMs };
      }),
    );
    let room = this.most;
    for (const { path, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
      room -= size;
      if (room < 0) await rm(path, { force: true });
    }
  }

  private pathOf(key: string): string {
    const hash = createHash('sha256').update(JSON.stringify([this.maker, key]));
    return join(this.folder, hash.digest('hex'));
  }
}

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const ignore = (): void => undefined;
