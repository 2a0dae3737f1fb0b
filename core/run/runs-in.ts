import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from './json-file.js';
import { kindOf } from './kind.js';

/** Names of the runs in a folder; none where it cannot be listed. */
export async function runsIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const manifest = join(directory, entry.name, 'manifest.json');
    if ((await kindOf(manifest)) === 'file') names.push(entry.name);
  }
  return names.sort();
}

/** The run that was made last, by what the folders of runs say. */
export async function newestIn(root: string): Promise<string | undefined> {
  let newest: { path: string; time: number } | undefined;
  for (const name of await runsIn(root)) {
    const path = join(root, name);
    const made = await readJsonFile(join(path, 'manifest.json'), createdSchema).catch(() => null);
    const time = made === null ? 0 : Date.parse(made.created);
    if (newest === undefined || time >= newest.time) newest = { path, time };
  }
  return newest?.path;
}

const createdSchema = z.object({ created: z.string() });
