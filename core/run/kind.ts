import { stat } from 'node:fs/promises';
import { fileSystemRefused, systemCode } from '../errors/run.js';

/** What there is at a path. @throws NcnError where it cannot be asked */
export async function kindOf(path: string): Promise<'none' | 'file' | 'directory'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return 'none';
    throw fileSystemRefused('read', path, error);
  }
}
