import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { notStored } from '../errors/data.js';
import { spellings } from './places.js';

/**
 * Puts a file into a folder (made where it is missing): whole or not at all. Other spellings of
 * the same file are removed, as they would be found in its place.
 *
 * @param gzipped whether `bytes` are gzip data: the file is then NAME.gz
 * @returns its path
 * @throws NcnError (`NCN_DATA_NOT_STORED`); nothing is left behind.
 */
export async function store(
  dir: string,
  name: string,
  bytes: Uint8Array,
  gzipped: boolean,
): Promise<string> {
  const saved = gzipped ? `${name}.gz` : name;
  const path = join(dir, saved);
  const draft = join(dir, `.tmp-${saved}-${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(dir, { recursive: true });
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    for (const other of spellings(name)) {
      if (other !== saved) await rm(join(dir, other), { force: true });
    }
    return path;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw notStored(path, error);
  }
}
