import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NcnError } from '../../../core/errors/error.js';
import {
  corpusFileMissing,
  corpusHash,
  corpusInvalid,
  corpusKind,
  corpusSplit,
} from '../../errors/corpus.js';
import { fileUnreadable } from '../../errors/data.js';
import { errorCode, sha256 } from '../../files/content.js';
import { decodeAudio } from '../../sound/decode.js';
import { SoundCache, usualCacheBytes } from './cache.js';
import { filesJson, readFilesList, readSplits, type ListedSound } from './corpus-lists.js';
import { monoOf } from './mono.js';
import { itemAt, type SoundKind, type SoundSource, type Split } from './source.js';

/** `rir`: responses of rooms. */
export type CorpusKind = SoundKind | 'rir';

/**
 * A part of the published corpus: a folder with files.json, splits.json and the sounds. Each file is
 * checked against its SHA-256 when it is first read. docs/speech-data.md has its layout.
 * @throws NcnError (`NCN_CORPUS_MISSING`, `_INVALID`, `_KIND`, `_SPLIT`); reading a sound throws
 * `NCN_CORPUS_FILE` and `NCN_CORPUS_HASH`, and what decodeAudio does
 */
export async function corpusSource(
  dir: string,
  kind: CorpusKind,
  split: Split,
  { cacheBytes = usualCacheBytes } = {},
): Promise<SoundSource> {
  const sounds = await soundsOf(dir, kind, split);
  const name = `${kind} of ${dir} (${split})`;
  const cache = new SoundCache(cacheBytes);
  const checked = new Set<string>();
  return {
    name,
    count: sounds.length,
    hash: createHash('sha256')
      .update(sounds.map((sound) => `${sound.file}\0${sound.sha256}\n`).join(''))
      .digest('hex'),
    groupOf: (index) => groupOf(itemAt(name, sounds, index)),
    async read(index) {
      const sound = itemAt(name, sounds, index);
      return cache.get(sound.file, async () => {
        const path = join(dir, sound.file);
        const bytes = await readListed(path, sound, !checked.has(sound.file));
        checked.add(sound.file);
        return monoOf(await decodeAudio(bytes, path));
      });
    },
  };
}

/** A speaker or a piece; noises of one recording have one attribution; responses are one each. */
const groupOf = ({ kind, speaker, piece, attribution, file }: ListedSound): string =>
  speaker ?? piece ?? (kind === 'noise' ? attribution : undefined) ?? file;

async function soundsOf(dir: string, kind: string, split: string): Promise<ListedSound[]> {
  const [files, splits] = await Promise.all([readFilesList(dir), readSplits(dir)]);
  const ofKind = splits[kind];
  if (ofKind === undefined) throw corpusKind(dir, kind, Object.keys(splits));
  const names = ofKind[split];
  if (names === undefined) throw corpusSplit(dir, kind, split, Object.keys(ofKind));
  const byName = new Map(files.map((sound) => [sound.file, sound]));
  return names.map((file) => {
    const sound = byName.get(file);
    if (sound === undefined) {
      throw corpusInvalid(join(dir, filesJson), `it lacks '${file}', which splits.json names`);
    }
    return sound;
  });
}

/** A file of the corpus that is what files.json says. */
async function readListed(path: string, sound: ListedSound, isFirst: boolean): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size !== sound.bytes) {
      throw corpusHash(path, `it has ${size} bytes`, `${sound.bytes}`);
    }
    const bytes = await readFile(path);
    const got = isFirst ? sha256(bytes) : sound.sha256;
    if (got !== sound.sha256) {
      throw corpusHash(path, `its SHA-256 is ${got}`, sound.sha256);
    }
    return bytes;
  } catch (error) {
    if (error instanceof NcnError) throw error;
    if (errorCode(error) === 'ENOENT') throw corpusFileMissing(path);
    throw fileUnreadable(path, error);
  }
}
