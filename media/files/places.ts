import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import type { DatasetRequest } from '../../core/data/types.js';
import { fileUnreadable, folderMissing, twoFolders } from '../errors/data.js';
import { placeMissing } from '../errors/sets.js';
import { errorCode } from './content.js';

/** What data sets depend on outside of the request; a test gives its own. */
export interface DataContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that downloads are kept in. */
  readonly cache: string;
}

/** The real one: this process's environment and the user's cache. */
export function dataContext(): DataContext {
  return { env: process.env, cache: envPaths('ncn', { suffix: '' }).cache };
}

/** Whether NCN_OFFLINE forbids downloads. */
export function isOffline({ env }: DataContext): boolean {
  return !['', '0', 'false', 'no'].includes((env['NCN_OFFLINE'] ?? '').toLowerCase());
}

/** What stands behind the colon of a request's name; empty where nothing does. */
export function argumentOf({ name }: DatasetRequest): string {
  const colon = name.indexOf(':');
  return colon < 0 ? '' : name.slice(colon + 1);
}

/**
 * The path that a request names: behind the colon of its name, or with `--data`.
 *
 * @throws NcnError `NCN_DATA_TWO_FOLDERS` where they name two
 */
export function givenPlace(request: DatasetRequest): string | undefined {
  const { name, dir } = request;
  const named = argumentOf(request);
  if (named === '') return dir === '' ? undefined : dir;
  if (dir !== undefined && resolve(dir) !== resolve(named)) throw twoFolders(name, dir);
  return named;
}

/**
 * The path of a request for a data set that is nothing without one.
 *
 * @throws NcnError `NCN_DATA_PLACE`, `NCN_DATA_TWO_FOLDERS`
 */
export function neededPlace(kind: string, what: string, request: DatasetRequest): string {
  const place = givenPlace(request);
  if (place === undefined) throw placeMissing(kind, what);
  return place;
}

/** A folder that is looked in, and why. */
export interface Place {
  readonly origin: '--data' | 'NCN_DATA' | 'cache';
  readonly dir: string;
}

/** The folder for downloads of MNIST. */
export function mnistCache(context: DataContext): string {
  return join(context.cache, 'mnist');
}

/**
 * Where MNIST is looked for, in order. A folder that the user gave for this command is the only
 * one: data from elsewhere would not be what was asked for.
 */
export function placesOf(dir: string | undefined, context: DataContext): Place[] {
  if (dir !== undefined) return [{ origin: '--data', dir: resolve(dir) }];
  const places: Place[] = [];
  const named = context.env['NCN_DATA'];
  if (named !== undefined && named !== '') {
    places.push({ origin: 'NCN_DATA', dir: resolve(named) });
  }
  places.push({ origin: 'cache', dir: mnistCache(context) });
  return places;
}

/** Names that an IDX file goes by, in the order in which they are tried. */
export function spellings(name: string): string[] {
  const dotted = name.replace('-idx', '.idx');
  return [`${name}.gz`, name, `${dotted}.gz`, dotted];
}

/**
 * The path of an IDX file in a folder, under any of its {@link spellings}; undefined where there
 * is none.
 *
 * @throws NcnError (`NCN_DATA_UNREADABLE`).
 */
export async function findFile(dir: string, name: string): Promise<string | undefined> {
  for (const spelling of spellings(name)) {
    const path = join(dir, spelling);
    if ((await kindOf(path)) === 'file') return path;
  }
  return undefined;
}

/**
 * @throws NcnError (`NCN_DATA_NO_FOLDER`, `_UNREADABLE`) unless `dir` is a folder.
 */
export async function checkFolder(dir: string): Promise<void> {
  const kind = await kindOf(dir);
  if (kind === undefined) throw folderMissing(dir, 'does not exist');
  if (kind !== 'folder') throw folderMissing(dir, 'is not a folder');
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileUnreadable(path, error);
  }
}
