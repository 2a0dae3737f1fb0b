import { messageOf, NcnError } from '../../../core/errors/error.js';
import { hashMismatch } from '../../errors/data.js';
import { readStored, sha256 } from '../../files/content.js';
import { downloadFile } from '../../files/download.js';
import { mnistFiles, mnistMirrors, type MnistFile } from './mnist-files.js';
import {
  dataContext,
  findFile,
  isOffline,
  mnistCache,
  placesOf,
  type DataContext,
  type Place,
} from '../../files/places.js';
import { imageProviders } from './providers.js';

/** What is known of one of MNIST's files in one folder. */
export interface FileStatus {
  readonly name: string;
  /** Labels are optional. */
  readonly optional: boolean;
  readonly state: 'missing' | 'verified' | 'wrong';
  /** Where it is; absent when missing. */
  readonly path?: string;
  /** Bytes on the disk, and of the decompressed content. */
  readonly stored?: number;
  readonly bytes?: number;
  /** Of the decompressed content, found and expected. */
  readonly sha256?: string;
  readonly expected: string;
  /** What is wrong with it. */
  readonly problem?: string;
}

export interface PlaceStatus extends Place {
  /** Both files of images are there, and right. */
  readonly complete: boolean;
  readonly files: readonly FileStatus[];
}

export interface ProviderStatus {
  readonly name: string;
  readonly summary: string;
  /** Can be loaded without a download; unknown for data sets that a plugin or a folder gives. */
  readonly available: boolean | 'unknown';
  /** MNIST only: where it was looked for, in order. */
  readonly places: readonly PlaceStatus[];
  /** MNIST only: where it would be downloaded from; none when offline. */
  readonly mirrors: readonly string[];
}

export interface StatusOptions {
  /** The folder of `--data`. */
  readonly dir?: string;
  readonly context?: DataContext;
}

/** What `ncn data` shows. MNIST's files are read and verified; nothing is downloaded. */
export async function describeData(options: StatusOptions = {}): Promise<ProviderStatus[]> {
  const context = options.context ?? dataContext();
  const { places, usable } = await verifyMnist({ ...options, context });
  // Those that need a folder or files of one's own are only known when they are asked for.
  const known = new Map([
    ['digits', true],
    ['glyphs', true],
    ['mnist', usable !== undefined],
  ]);
  return imageProviders(context).map(({ name, summary }) => ({
    name,
    summary,
    available: known.get(name) ?? 'unknown',
    places: name === 'mnist' ? places : [],
    mirrors: name === 'mnist' && !isOffline(context) ? mnistMirrors(context) : [],
  }));
}

/**
 * Reads every file of MNIST in every folder that is searched.
 *
 * @returns the folders, in order, and the one that `--dataset mnist` would take: undefined where
 * there is none, or where the first one with both files of images has a wrong one.
 */
export async function verifyMnist(
  options: StatusOptions = {},
): Promise<{ readonly places: readonly PlaceStatus[]; readonly usable?: PlaceStatus }> {
  const context = options.context ?? dataContext();
  const places: PlaceStatus[] = [];
  for (const place of placesOf(options.dir, context)) {
    const files: FileStatus[] = [];
    for (const file of mnistFiles) files.push(await statusOf(place.dir, file));
    const complete = files.every(({ optional, state }) => optional || state === 'verified');
    places.push({ ...place, complete, files });
  }
  const first = places.find(({ files }) =>
    files.every(({ optional, state }) => optional || state !== 'missing'),
  );
  return first?.complete === true ? { places, usable: first } : { places };
}

export interface FetchOptions {
  /** Where to; the user's cache unless given. */
  readonly dir?: string;
  readonly context?: DataContext;
  /** Addresses in place of NCN_MNIST_MIRRORS or the public ones. */
  readonly mirrors?: readonly string[];
  /** Milliseconds that a silent mirror is given (15,000). */
  readonly patience?: number;
  readonly report?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Downloads those of MNIST's four files that a folder lacks, or has damaged.
 *
 * @returns the folder as it is then; a file of labels that no mirror has stays missing.
 * @throws NcnError (`NCN_DATA_DOWNLOAD`, `NCN_DATA_NOT_STORED`); the signal's reason.
 */
export async function fetchMnist(options: FetchOptions = {}): Promise<{
  readonly dir: string;
  readonly files: readonly FileStatus[];
  /** Names of the files that were downloaded now. */
  readonly downloaded: readonly string[];
}> {
  const { report, signal, patience } = options;
  const context = options.context ?? dataContext();
  const dir = options.dir ?? mnistCache(context);
  const mirrors = options.mirrors ?? mnistMirrors(context);
  const downloaded: string[] = [];
  const files: FileStatus[] = [];
  for (const file of mnistFiles) {
    let status = await statusOf(dir, file);
    if (status.state !== 'verified') {
      if (status.problem !== undefined) report?.(status.problem);
      try {
        await downloadFile(file, dir, {
          mirrors,
          report,
          signal,
          ...(patience === undefined ? {} : { patience }),
        });
        downloaded.push(file.name);
        status = await statusOf(dir, file);
      } catch (error) {
        if (!file.optional || !(error instanceof NcnError)) throw error;
        report?.(`${error.message} Labels are not needed.`);
      }
    }
    files.push(status);
  }
  return { dir, files, downloaded };
}

async function statusOf(dir: string, file: MnistFile): Promise<FileStatus> {
  const { name, optional, sha256: expected } = file;
  const known = { name, optional, expected };
  let path: string | undefined;
  try {
    path = await findFile(dir, name);
    if (path === undefined) return { ...known, state: 'missing' };
    const { bytes, stored } = await (await readStored(path)).content(file.bytes);
    const got = sha256(bytes);
    const found = { ...known, path, stored, bytes: bytes.length, sha256: got };
    return got === expected
      ? { ...found, state: 'verified' }
      : { ...found, state: 'wrong', problem: hashMismatch(path, expected, got).message };
  } catch (error) {
    const problem = messageOf(error);
    return { ...known, state: 'wrong', problem, ...(path === undefined ? {} : { path }) };
  }
}
