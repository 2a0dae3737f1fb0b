import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importDefault, ModuleFolder } from '../modules/folder.js';
import { isPreset, isProfile, type Preset, type Profile } from './preset.js';

/** What the files of `presets/` say, in one file that is read without loading them. */
interface Index {
  /** Of the files that it was made from. */
  readonly hash: string;
  readonly presets: readonly Preset[];
  readonly profiles: readonly Profile[];
}

type Found = Omit<Index, 'hash'>;

const folder = new ModuleFolder('presets');
const indexFile = join(folder.path, 'index.json');

/** The presets and profiles that come with the package: of the index, where it is that of the files. */
export async function packagePresets(): Promise<Found> {
  return readIndex() ?? importAll();
}

/** Writes the index beside the files. @throws TypeError where one holds what JSON cannot */
export async function writePresetIndex(): Promise<void> {
  const found = await importAll();
  const text = JSON.stringify({ hash: hashOfFiles(), ...found });
  for (const part of ['presets', 'profiles'] as const) {
    const back = (JSON.parse(text) as Index)[part];
    found[part].forEach((given, i) => {
      if (JSON.stringify(back[i]) === JSON.stringify(given)) return;
      throw new TypeError(`'${given.name}' cannot be written as JSON`);
    });
  }
  await writeFile(indexFile, text);
}

function readIndex(): Found | undefined {
  if (!existsSync(indexFile)) return undefined;
  const index = JSON.parse(readFileSync(indexFile, 'utf8')) as Index;
  return index.hash === hashOfFiles() ? index : undefined;
}

function hashOfFiles(): string {
  const hash = createHash('sha256');
  for (const [name, file] of folder.list()) hash.update(`${name}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

async function importAll(): Promise<Found> {
  const found = await Promise.all([...folder.list().values()].map(importDefault));
  return { presets: found.filter(isPreset), profiles: found.filter(isProfile) };
}
