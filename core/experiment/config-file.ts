import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../errors/error.js';
import { badConfigFile, twoConfigFiles } from '../errors/loading.js';
import { parseJson, type JsonValue as Json } from '../run/json.js';
import type { PluginUse } from './preset.js';

/** `ncn.config.*` of the working directory, read and checked. */
export interface ConfigFile {
  readonly file: string;
  /** What its paths are relative to. */
  readonly folder: string;
  /** As values say where they come from: `file ncn.config.ts`. */
  readonly origin: string;
  readonly plugins: readonly PluginUse[];
  readonly presets: readonly string[];
  readonly preset: string | undefined;
  readonly profile: string | undefined;
  readonly set: Readonly<Record<string, Json>>;
}

const names = ['ts', 'mts', 'js', 'mjs', 'json'].map((extension) => `ncn.config.${extension}`);

/** Whether a folder has one. */
export const hasConfigFile = (folder: string): boolean =>
  names.some((name) => existsSync(join(folder, name)));

/** The nearest configuration file in the folders above one; undefined where there is none. */
export function configFileAbove(folder: string): string | undefined {
  for (let above = dirname(folder), at = folder; above !== at; at = above, above = dirname(at)) {
    const found = names.map((name) => join(above, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Reads the configuration file of a folder; undefined where there is none.
 * @throws NcnError where there are two, or it does not load, or holds something unknown
 */
export async function loadConfigFile(folder: string): Promise<ConfigFile | undefined> {
  const [file, second] = names.map((name) => join(folder, name)).filter((path) => existsSync(path));
  if (file === undefined) return undefined;
  if (second !== undefined) {
    throw twoConfigFiles(file, basename(second));
  }
  const { importForeign } = await import('../modules/foreign.js');
  let found: unknown;
  try {
    found = await importForeign(file);
  } catch (error) {
    throw badConfigFile(file, `it did not load: ${messageOf(error)}`, error);
  }
  return checked(found, file);
}

/**
 * What a configuration file says, from a text: for a command that is to read none itself.
 * @param text JSON of the same form @param folder that its paths and packages are looked up from
 * @throws NcnError as {@link loadConfigFile}
 */
export async function parseConfigFile(text: string, folder: string): Promise<ConfigFile> {
  const file = join(folder, 'ncn.config');
  let found: unknown;
  try {
    found = parseJson(text);
  } catch (error) {
    throw badConfigFile(file, `it is no JSON: ${messageOf(error)}`, error);
  }
  return checked(found, file);
}

async function checked(found: unknown, file: string): Promise<ConfigFile> {
  const { configFileSchema, describeIssue } = await import('./preset-schema.js');
  const result = configFileSchema.safeParse(found);
  if (!result.success) {
    throw badConfigFile(file, describeIssue(result.error, Object.keys(configFileSchema.shape)));
  }
  const { plugins, presets, preset, profile, set } = result.data;
  return {
    file,
    folder: dirname(file),
    origin: `file ${basename(file)}`,
    plugins: plugins.map((use) => (typeof use === 'string' ? { plugin: use, options: {} } : use)),
    presets,
    preset,
    profile,
    set,
  };
}
