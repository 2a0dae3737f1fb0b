import { fstatSync } from 'node:fs';
import { lstat, open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileSystemRefused, outputIsFolder, systemCode } from '../errors/run.js';
import { replaceFile } from './atomic.js';

/** Links after which one leads in a circle, as the kernel counts. */
const maxLinks = 40;

/**
 * Writes what the user asked for to where the user said: whole or not at all into a file, through a
 * link into its target, and straight into what is no regular file (a device, a pipe), which stays
 * what it is. What ncn keeps in a run is written by `writeFileAtomic`, which follows no link.
 *
 * @throws NcnError where it is a folder, or cannot be written
 */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  await replaceOutput(path, (file) => file.writeFile(content));
}

/** Like {@link writeOutput}, for content that is streamed in order. */
export async function replaceOutput<T>(
  path: string,
  write: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const { target, kind } = await targetOf(path);
  if (kind === 'folder') throw outputIsFolder(path);
  if (kind === 'file') return replaceFile(target, write);
  try {
    const file = await open(target, 'w');
    try {
      return await write(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileSystemRefused('write', path, error);
  }
}

/** Whether something is there, and a regular file: what is not cannot be looked at beforehand. */
export async function isRegularFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw fileSystemRefused('read', path, error);
  }
}

const isThere = (looked: Promise<unknown>): Promise<boolean> =>
  looked.then(
    () => true,
    () => false,
  );

/** Whether what is written there comes out of standard output, as of `/dev/stdout` in a pipe. */
export async function isStandardOutput(path: string): Promise<boolean> {
  try {
    const [there, out] = [await stat(path), fstatSync(1)];
    return !there.isFile() && there.dev === out.dev && there.ino === out.ino;
  } catch {
    return false;
  }
}

interface Target {
  readonly target: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** Where a path leads; of what is not there yet, where it would be made. */
async function targetOf(path: string, links = 0): Promise<Target> {
  const here = resolve(path);
  try {
    const found = await lstat(here);
    if (found.isSymbolicLink()) {
      if (links === maxLinks) return { target: await realpath(here), kind: 'other' };
      const folder = await realpath(dirname(here));
      const next = resolve(folder, await readlink(here));
      // Of a pipe that a process has open, /proc has a link whose text is no path: the system alone follows it.
      if (!(await isThere(lstat(next))) && (await isThere(stat(here)))) {
        return { target: here, kind: 'other' };
      }
      return await targetOf(next, links + 1);
    }
    const target = join(await realpath(dirname(here)), basename(here));
    if (found.isFile()) return { target, kind: 'file' };
    return { target, kind: found.isDirectory() ? 'folder' : 'other' };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { target: here, kind: 'file' };
    throw fileSystemRefused('write', path, error);
  }
}
