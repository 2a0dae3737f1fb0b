import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSystemRefused, systemCode } from '../errors/run.js';
import { isLockFile } from './lock.js';

/** What a run has before its manifest makes it one. */
const beforeManifest = /^(images|checkpoints|config\.json|\.tmp-.+)$/;

/** Whether a run was to begin in a folder, and its process ended before. */
export async function isUnbegun(path: string, names?: readonly string[]): Promise<boolean> {
  const found = names ?? (await readdir(path).catch(() => []));
  if (
    // One of them alone where it ended between making the two.
    !(found.includes('images') || found.includes('checkpoints')) ||
    !found.every((name) => isLockFile(name) || beforeManifest.test(name))
  ) {
    return false;
  }
  const empty = async (name: string): Promise<boolean> => {
    try {
      return (await readdir(join(path, name))).length === 0;
    } catch (error) {
      // What cannot be listed may hold anything.
      return systemCode(error) === 'ENOENT';
    }
  };
  return (await Promise.all(['images', 'checkpoints'].map(empty))).every(Boolean);
}

/**
 * Whether nothing was trained in a folder: it is empty, or a run was to begin there and did not.
 * @throws NcnError where it cannot be listed
 */
export async function isBare(path: string): Promise<boolean> {
  try {
    const names = await readdir(path);
    const passing = (name: string): boolean => isLockFile(name) || name.startsWith('.tmp-');
    return names.every(passing) || (await isUnbegun(path, names));
  } catch (error) {
    throw fileSystemRefused('read', path, error);
  }
}
