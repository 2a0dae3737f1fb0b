import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileSystemRefused, systemCode } from '../errors/run.js';

/** Temporaries of this process that are being written right now. */
const inFlight = new Set<string>();

const siblingName = /^\.(tmp|old)-(.+)-[0-9a-f]{16}$/;

/**
 * Writes a whole file, or leaves what was there: temporary sibling, fsync, rename, fsync of the
 * folder.
 *
 * @throws NcnError (`NCN_RUN_DISK_FULL`, `_PERMISSION`, `_READ_ONLY`, `_MISSING`,
 * `_NOT_A_DIRECTORY`, `_IO`); the temporary is removed.
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await replaceFile(path, (file) => file.writeFile(content));
}

/**
 * Like {@link writeFileAtomic}, for content that is streamed: `write` fills the temporary.
 *
 * @throws what `write` throws, and NcnErrors as writeFileAtomic does; the file is as it was.
 */
export async function replaceFile<T>(
  path: string,
  write: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const draft = siblingOf('tmp', path);
  inFlight.add(draft);
  try {
    const file = await open(draft, 'wx');
    let result: T;
    try {
      result = await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncDirectory(dirname(path));
    return result;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw fileSystemRefused('write', path, error);
  } finally {
    inFlight.delete(draft);
  }
}

/**
 * Writes a whole folder, or leaves what was there: `fill` fills a temporary sibling (and must
 * fsync its files), which then takes the name.
 *
 * No system call of Node exchanges two folders, so one that is replaced is first renamed to
 * `.old-…`. Killed in between, it is found there by {@link replacedName} and put back by
 * {@link removeStale}: at every moment the old or the new one is complete.
 *
 * @throws what `fill` throws, and NcnErrors as {@link writeFileAtomic} does.
 */
export async function replaceDirectory<T>(
  path: string,
  fill: (draft: string) => Promise<T>,
): Promise<T> {
  const draft = siblingOf('tmp', path);
  const old = siblingOf('old', path);
  inFlight.add(draft).add(old);
  try {
    await mkdir(draft);
    const result = await fill(draft);
    await syncDirectory(draft);
    const replaces = await renameIfThere(path, old);
    try {
      await rename(draft, path);
    } catch (error) {
      if (replaces) await rename(old, path);
      throw error;
    }
    await syncDirectory(dirname(path));
    // The new one is in place: what cannot be removed now is removed as stale later.
    if (replaces) await rm(old, { recursive: true, force: true }).catch(() => undefined);
    return result;
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw fileSystemRefused('write', path, error);
  } finally {
    inFlight.delete(draft);
    inFlight.delete(old);
  }
}

/**
 * Removes a folder so that a half-removed one never bears its name. No error where there is none.
 *
 * @throws NcnError as {@link writeFileAtomic} does.
 */
export async function removeDirectory(path: string): Promise<void> {
  const doomed = siblingOf('tmp', path);
  inFlight.add(doomed);
  try {
    if (!(await renameIfThere(path, doomed))) return;
    await syncDirectory(dirname(path));
    await rm(doomed, { recursive: true, force: true });
  } catch (error) {
    throw fileSystemRefused('remove', path, error);
  } finally {
    inFlight.delete(doomed);
  }
}

/**
 * Clears what processes that died left in a folder: temporaries are removed, a replaced folder
 * without successor gets its name back. Only for the one process that may write there.
 *
 * @returns the names of the temporaries that were there.
 * @throws NcnError as {@link writeFileAtomic} does.
 */
export async function removeStale(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory);
    const present = new Set(names);
    const stale = names.filter((name) => siblingName.test(name)).sort();
    const removed: string[] = [];
    for (const name of stale) {
      const path = join(directory, name);
      if (inFlight.has(path)) continue;
      const original = replacedName(name);
      if (original !== undefined && !present.has(original)) {
        await rename(path, join(directory, original));
        present.add(original);
      } else {
        await rm(path, { recursive: true, force: true });
      }
      removed.push(name);
    }
    if (removed.length > 0) await syncDirectory(directory);
    return removed;
  } catch (error) {
    throw fileSystemRefused('clean up', directory, error);
  }
}

/** The name that a folder had before {@link replaceDirectory} set it aside; else undefined. */
export function replacedName(name: string): string | undefined {
  const [, kind, original] = siblingName.exec(name) ?? [];
  return kind === 'old' ? original : undefined;
}

/** Makes renames in a folder durable, where the platform can. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows has no fsync of folders.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    // Some network and FUSE file systems do not know it either.
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(systemCode(error) ?? ''))
      throw error;
  } finally {
    await directory.close();
  }
}

/** A fresh hidden name beside `path`: `.tmp-NAME-…` (worthless) or `.old-NAME-…` (complete). */
export function siblingOf(kind: 'tmp' | 'old', path: string): string {
  return join(dirname(path), `.${kind}-${basename(path)}-${randomBytes(8).toString('hex')}`);
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
