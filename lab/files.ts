import { mkdir, readFile } from 'node:fs/promises';
import { fileSystemRefused, systemCode } from '../core/errors/run.js';

/** A whole file; undefined where there is none. @throws NcnError where it cannot be read */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileSystemRefused('read', path, error);
  }
}

/** Makes a folder with those above it, where it is not there. @throws NcnError where it cannot be */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw fileSystemRefused('create', path, error);
  }
}
