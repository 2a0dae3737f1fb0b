import { readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, extname, isAbsolute, join, parse, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Jiti from 'jiti';
import { parseJson } from '../run/json.js';
import { publicEntries } from './entries.js';

/** Loaded when it is needed, which it seldom is. */
const jiti = (): typeof Jiti => createRequire(import.meta.url)('jiti') as typeof Jiti;

/** A module outside ncn: a plugin, a preset or a configuration file of the user's. */
export interface ForeignModule {
  /** Absolute. */
  readonly file: string;
  readonly how: 'path' | 'package';
}

/** Whether it can only be a path, not a name. */
export const isPath = (spec: string): boolean => spec.startsWith('.') || isAbsolute(spec);

/**
 * Finds a module by path (a file, with or without its extension, or a folder) or package name.
 * @param base folder that relative paths and packages are looked up from
 * @param searched is told every place that was tried in vain
 */
export function locateForeign(
  spec: string,
  base: string,
  searched: string[],
): ForeignModule | undefined {
  if (spec.trim() === '') return undefined;
  const path = resolve(base, spec);
  const byPath =
    (isFile(path) ? path : undefined) ??
    extensions.map((extension) => path + extension).find(isFile) ??
    folderEntry(path, searched);
  if (byPath !== undefined) return { file: byPath, how: 'path' };
  searched.push(`the file ${path}[${extensions.join('|')}]`);
  if (isPath(spec)) return undefined;
  const byName = packageEntry(spec, join(base, 'package.json'));
  if (byName !== undefined) return { file: byName, how: 'package' };
  searched.push(`the package '${spec}' in node_modules of ${base} and the folders above it`);
  return undefined;
}

/** Modules and folders where the path would lead, written as it is, without extensions: for "did you mean". */
export function neighbours(spec: string, base: string): string[] {
  const written = spec.slice(0, spec.length - basename(spec).length);
  try {
    return readdirSync(resolve(base, written), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || extensions.includes(extname(entry.name)))
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .map((entry) => `${written === '' ? './' : written}${parse(entry.name).name}`);
  } catch {
    return [];
  }
}

/** Modules from outside that were imported, by file, with the name of what they hold. */
export const guests = new Map<string, string>();

/** Those that have not been through yet, or that failed. */
export const loading = new Set<string>();

/**
 * Imports a module, TypeScript included, and returns its default export; of a JSON file, the value.
 * What it imports from `ncn` is of this very copy.
 */
export async function importForeign(file: string): Promise<unknown> {
  if (extname(file) === '.json') return parseJson(await readFile(file, 'utf8'));
  const loader = jiti().createJiti(file, {
    virtualModules: await publicEntries(),
    interopDefault: true,
  });
  guests.set(file, guests.get(file) ?? file);
  loading.add(file);
  let module: unknown;
  try {
    module = await loader.import(file);
  } finally {
    loading.delete(file);
  }
  return typeof module === 'object' && module !== null
    ? (Reflect.get(module, 'default') ?? module)
    : module;
}

const extensions = ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json'];

/** What cannot be looked at (a name too long, no permission) is no module. */
function isFile(path: string): boolean {
  return kindOf(path)?.isFile() === true;
}

function kindOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** What a folder's package.json names as its entry, or else an index file. */
function folderEntry(folder: string, searched: string[]): string | undefined {
  if (kindOf(folder)?.isDirectory() !== true) return undefined;
  const description = join(folder, 'package.json');
  if (isFile(description)) {
    const entry = describedEntry(description);
    if (entry !== undefined && isFile(entry)) return entry;
    searched.push(`the entry that ${description} names (${entry ?? 'none'})`);
  }
  const index = ['index', join('src', 'index')]
    .flatMap((name) => extensions.map((extension) => join(folder, name + extension)))
    .find(isFile);
  if (index === undefined) searched.push(`index files in ${folder} and its src/`);
  return index;
}

function describedEntry(description: string): string | undefined {
  let about: unknown;
  try {
    about = parseJson(readFileSync(description, 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof about !== 'object' || about === null) return undefined;
  const name: unknown = Reflect.get(about, 'name');
  const main: unknown = Reflect.get(about, 'main');
  if (Reflect.has(about, 'exports') && typeof name === 'string') {
    return packageEntry(name, description);
  }
  return typeof main === 'string' ? resolve(description, '..', main) : undefined;
}

/** As `import` finds it, or else as `require` does. */
function packageEntry(name: string, from: string): string | undefined {
  try {
    const found = jiti()
      .createJiti(from)
      .esmResolve(name, { parentURL: pathToFileURL(from), try: true });
    if (found !== undefined && found.startsWith('file:')) return fileURLToPath(found);
  } catch {
    // Then as require does.
  }
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}
