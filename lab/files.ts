import { access, readFile } from 'node:fs/promises';
export { makeFolders as makeFolder } from '../core/run/folders.js';
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

/** Whether a path is there. @throws NcnError where that cannot be found out */
export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw fileSystemRefused('read', path, error);
  }
}
