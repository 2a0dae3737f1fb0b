import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileSystemRefused, systemCode } from '../../core/errors/run.js';
import { folderExists } from '../errors/scaffold.js';
import { namesOf } from './names.js';
import { pluginFiles } from './plugin.js';
import { presetFiles } from './preset.js';

/**
 * Writes a new package.
 * @param place folder to make: `my-plugin`, or a path whose last part is the name
 * @returns its folder, and the paths of its files within
 * @throws NcnError where the name is no good or the folder is not empty, and then nothing is written; where it cannot be
 *   made
 */
export async function writePackage(
  kind: 'plugin' | 'preset',
  place: string,
): Promise<{ folder: string; files: string[] }> {
  const folder = resolve(place);
  const names = namesOf(kind, basename(folder));
  const files = kind === 'plugin' ? pluginFiles(names) : presetFiles(names);
  if ((await entriesOf(folder)).length > 0) throw folderExists(folder);
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text, { flag: 'wx' });
    }
  } catch (error) {
    throw fileSystemRefused('create', folder, error);
  }
  return { folder, files: [...files.keys()] };
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') throw folderExists(folder);
    throw fileSystemRefused('create', folder, error);
  }
}
