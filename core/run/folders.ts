import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileSystemRefused, systemCode } from '../errors/run.js';

/**
 * Makes a folder with those above it, where it is not there. Node's own way never returns below a
 * folder in which nothing can be made (/proc).
 * @throws NcnError where it cannot be made, or a file is in its place
 */
export async function makeFolders(path: string): Promise<void> {
  const whole = resolve(path);
  try {
    await make(whole);
  } catch (error) {
    throw fileSystemRefused('create', whole, error);
  }
}

async function make(path: string): Promise<void> {
  const code = await tried(path);
  if (code !== 'ENOENT') return;
  const above = dirname(path);
  if (above !== path) await make(above);
  if ((await tried(path)) === 'ENOENT') await mkdir(path); // says what is wrong
}

/** @returns `ENOENT` where the folder above is missing @throws for any other reason */
async function tried(path: string): Promise<string | undefined> {
  try {
    await mkdir(path);
    return undefined;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return code;
    if (code === 'EEXIST' && (await isFolder(path))) return undefined;
    throw error;
  }
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path)).isDirectory();
