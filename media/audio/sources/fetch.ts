import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { corpusNotFetched, corpusOffline, type FailedSound } from '../../errors/corpus.js';
import { sha256 } from '../../files/content.js';
import { fetchBytes, reasonOf } from '../../files/download.js';
import { dataContext, isOffline, type DataContext } from '../../files/places.js';
import { convertOriginal } from './convert.js';
import { splitsJson } from './corpus-lists.js';
import { convertedName, CorpusFolder } from './corpus-folder.js';
import { licenceLines, licencesText } from './licences.js';
import {
  addressOf,
  corpusManifest,
  soundsOf,
  type Manifest,
  type ManifestSound,
} from './manifest.js';

export interface FetchSpeechOptions {
  /** Where to; `speech` in the user's cache unless given. */
  readonly dir?: string;
  /** Address in place of NCN_SPEECH_MIRROR or GitHub's. */
  readonly base?: string;
  readonly report?: (message: string) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds that a silent server is given (15,000). */
  readonly patience?: number;
  readonly context?: DataContext;
  /** Another list of sounds. */
  readonly manifest?: Manifest;
}

export interface FetchedSpeech {
  readonly dir: string;
  /** Sounds that are there now, of how many that can be had. */
  readonly count: number;
  readonly wanted: number;
  /** Files that were downloaded now. */
  readonly downloaded: number;
  /** Sounds that are not there because their originals cannot be read. */
  readonly leftOut: readonly string[];
}

/** Address of the files of GitHub's repositories. */
const publicBase = 'https://raw.githubusercontent.com';

/** Downloads at a time, attempts at each, and failures after which it ends. */
const [atOnce, attempts, mostFailures] = [4, 2, 5] as const;

/** An original whose length is not known is at most so large. */
const mostBytes = 64 * 2 ** 20;

/**
 * Downloads the sounds of the published corpus that a folder lacks, or has damaged. Speech enters it
 * byte for byte; music and noise are checked by the SHA-256 of the originals, decoded and converted
 * here to WAV, which is near but not the same as the published FLAC. The responses of rooms are in
 * a format that is not read: they are kept where they are there, and else left out.
 *
 * @returns what is there then
 * @throws NcnError (`NCN_CORPUS_DOWNLOAD`, with what failed and why; `NCN_CORPUS_OFFLINE`;
 * `NCN_DATA_NOT_STORED`); the signal's reason. What was downloaded stays, and is not downloaded again.
 */
export async function fetchSpeech(options: FetchSpeechOptions = {}): Promise<FetchedSpeech> {
  const { report, signal, context = dataContext(), manifest = corpusManifest() } = options;
  const dir = options.dir ?? join(context.cache, 'speech');
  const sounds = soundsOf(manifest);
  const folder = await CorpusFolder.open(dir, sounds);
  const missing = sounds.filter((sound) => !folder.isThere(sound));
  const leftOut = missing.filter(({ conversion }) => conversion === 'sofa');
  const wanted = missing.filter(({ conversion }) => conversion !== 'sofa');
  const reachable = sounds.length - leftOut.length;
  if (wanted.length > 0) {
    if (isOffline(context)) throw corpusOffline(dir);
    for (const line of licenceLines(manifest)) report?.(line);
    const failed = await fetchAll(wanted, folder, options, context);
    signal?.throwIfAborted();
    if (failed.length > 0) throw corpusNotFetched(dir, failed, folder.count, reachable);
  }
  if (missing.length > 0 || !existsSync(join(dir, splitsJson))) {
    await folder.finish(licencesText(manifest));
  }
  if (leftOut.length > 0) {
    report?.(
      `${leftOut.length} measured responses of rooms are left out: their originals are SOFA files, which ncn does not read. Rooms are simulated without them.`,
    );
  }
  return {
    ...{ dir, count: folder.count, wanted: reachable, downloaded: wanted.length },
    leftOut: leftOut.map(({ file }) => file),
  };
}

/** @returns what could not be had; empty where everything could */
async function fetchAll(
  wanted: readonly ManifestSound[],
  folder: CorpusFolder,
  { base, report, signal, patience }: FetchSpeechOptions,
  { env }: DataContext,
): Promise<FailedSound[]> {
  const address = base ?? (env['NCN_SPEECH_MIRROR'] || publicBase);
  const failed: FailedSound[] = [];
  const queue = wanted[Symbol.iterator]();
  let [done, received, told] = [0, 0, 0];
  let stopped = false;
  const fetchNext = async (): Promise<void> => {
    for (const sound of queue) {
      if (stopped || failed.length >= mostFailures) return;
      signal?.throwIfAborted();
      try {
        received += await fetchOne(sound, folder, address, { patience, signal });
        done++;
      } catch (error) {
        signal?.throwIfAborted();
        stopped = isOurs(error);
        if (stopped) throw error;
        failed.push({ file: sound.file, why: reasonOf(error) });
        report?.(`${sound.file}: ${reasonOf(error)}`);
      }
      const now = Math.floor((20 * done) / wanted.length);
      if (now === told) continue;
      told = now;
      const megabytes = (received / 1e6).toFixed(0);
      report?.(`${done} of ${wanted.length} files, ${megabytes} MB`);
    }
  };
  // Nothing goes on behind the back of who is told that it ended.
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, fetchNext));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return failed;
}

/** Whether no other download would fare better. */
const isOurs = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'NCN_DATA_NOT_STORED';

/** @returns the bytes that were downloaded */
async function fetchOne(
  sound: ManifestSound,
  folder: CorpusFolder,
  base: string,
  options: { readonly patience: number | undefined; readonly signal: AbortSignal | undefined },
): Promise<number> {
  const url = addressOf(sound, base);
  const expected = sound.conversion === 'none' ? sound.sha256 : sound.original;
  const bytes = await fetchChecked(url, sound, expected, options);
  if (sound.conversion === 'none') await folder.add(sound, sound.file, bytes);
  else {
    const converted = await convertOriginal(bytes, url.href, sound);
    await folder.add(sound, convertedName(sound.file), converted);
  }
  return bytes.length;
}

/** The original, whose content is right; a second attempt follows a first that fails. */
async function fetchChecked(
  url: URL,
  sound: ManifestSound,
  expected: string | undefined,
  { patience, signal }: { patience: number | undefined; signal: AbortSignal | undefined },
): Promise<Uint8Array> {
  const bytes = sound.conversion === 'none' ? sound.bytes : mostBytes;
  const file = { name: sound.file, sha256: expected ?? '', bytes, optional: false };
  for (let attempt = 1; ; attempt++) {
    try {
      const got = await fetchBytes(url, file, {
        mirrors: [],
        signal,
        ...(patience === undefined ? {} : { patience }),
      });
      const content = sha256(got);
      if (expected !== undefined && content !== expected) {
        throw new Error(`the content has SHA-256 ${content}; expected ${expected}`);
      }
      return got;
    } catch (error) {
      if (attempt === attempts || signal?.aborted === true) throw error;
    }
  }
}
