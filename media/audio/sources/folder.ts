import { createHash } from 'node:crypto';
import { open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileUnreadable } from '../../errors/data.js';
import { soundFolder, soundGroups } from '../../errors/sources.js';
import { errorCode } from '../../files/content.js';
import { decodeAudio } from '../../sound/decode.js';
import { soundEndings } from '../../sound/sound.js';
import { SoundCache, usualCacheBytes } from './cache.js';
import { monoOf } from './mono.js';
import { itemAt, type SoundKind, type SoundSource, type Split } from './source.js';

/** `rooms`: impulse responses. */
export type FolderKind = SoundKind | 'rooms';

export interface FolderOptions {
  /** Only the speakers (pieces) of a split: see {@link partOf}. All, unless given. */
  readonly split?: Split;
  /** Bytes of decoded sounds that are kept. */
  readonly cacheBytes?: number;
  /** Hears what is wrong with files that can be read all the same. */
  readonly report?: (message: string) => void;
}

interface FoundSound {
  /** From the folder on, with slashes. */
  readonly path: string;
  readonly group: string;
}

/**
 * A user's own sounds: all WAV, FLAC, OGG and MP3 files of a folder and the folders in it, at 16 kHz
 * and mixed to one channel. The name of a sub-folder is the speaker (or piece) of what lies in it; a
 * file without one is a speaker of its own.
 * @throws NcnError (`NCN_SOUND_FOLDER`, `NCN_SOUND_GROUPS`, `NCN_DATA_UNREADABLE`); reading a sound
 * throws what decodeAudio does
 */
export async function folderSource(
  folder: string,
  kind: FolderKind,
  { split, cacheBytes = usualCacheBytes, report }: FolderOptions = {},
): Promise<SoundSource> {
  const all = await soundsIn(folder, kind);
  const sounds = split === undefined ? all : partOf(all, split, folder, kind);
  const name = `${kind} of ${folder}${split === undefined ? '' : ` (${split})`}`;
  const cache = new SoundCache(cacheBytes);
  const told = new Set<string>();
  return {
    name,
    count: sounds.length,
    hash: await hashOf(folder, sounds),
    groupOf: (index) => itemAt(name, sounds, index).group,
    async read(index) {
      const { path } = itemAt(name, sounds, index);
      return cache.get(path, async () => {
        const where = join(folder, path);
        const bytes = await readFile(where).catch((error: unknown) => {
          throw fileUnreadable(where, error);
        });
        const sound = await decodeAudio(bytes, where);
        if (sound.notice !== undefined && !told.has(path)) report?.(sound.notice);
        told.add(path);
        return monoOf(sound);
      });
    },
  };
}

/** In the order of their names, whatever the file system's. */
async function soundsIn(folder: string, kind: FolderKind): Promise<FoundSound[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') throw soundFolder(folder, kind, 'does not exist');
      if (errorCode(error) === 'ENOTDIR') throw soundFolder(folder, kind, 'is not a folder');
      throw fileUnreadable(folder, error);
    },
  );
  const paths = entries
    .filter(
      (entry) => !entry.isDirectory() && soundEndings.includes(extname(entry.name).toLowerCase()),
    )
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep))
    // Hidden ones are some program's own.
    .filter((parts) => !parts.some((part) => part.startsWith('.')))
    .map((parts) => ({ path: parts.join('/'), group: parts[0] ?? '' }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (paths.length === 0) throw soundFolder(folder, kind, 'has no sounds');
  return paths;
}

/**
 * Divides speakers (pieces) by the hash of their names: a tenth, at least one, is for validation, as
 * many for the test, the others for training. The division stays nearly the same when others come.
 */
function partOf(
  sounds: readonly FoundSound[],
  split: Split,
  folder: string,
  kind: FolderKind,
): FoundSound[] {
  const key = (group: string): string => createHash('sha256').update(group).digest('hex');
  const groups = [...new Set(sounds.map(({ group }) => group))].sort((a, b) =>
    key(a) < key(b) ? -1 : 1,
  );
  if (groups.length < 3) throw soundGroups(folder, kind, groups.length, 3);
  const tenth = Math.max(1, Math.round(groups.length / 10));
  const ranges = { test: [0, tenth], valid: [tenth, 2 * tenth], train: [2 * tenth, Infinity] };
  const [from, to] = ranges[split];
  const chosen = new Set(groups.slice(from, to));
  return sounds.filter(({ group }) => chosen.has(group));
}

/** Bytes at each end of a file that its part of the hash is taken from: corpora may be large. */
const hashedEnds = 65_536;

/** Over names, sizes, and the first and last 64 KiB of each file. */
async function hashOf(folder: string, sounds: readonly FoundSound[]): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(hashedEnds);
  for (const { path } of sounds) {
    const where = join(folder, path);
    let file: FileHandle | undefined;
    try {
      file = await open(where, 'r');
      const { size } = await file.stat();
      hash.update(`${path}\0${size}\n`);
      for (const at of size > hashedEnds ? [0, size - hashedEnds] : [0]) {
        const { bytesRead } = await file.read(buffer, 0, hashedEnds, at);
        hash.update(buffer.subarray(0, bytesRead));
      }
    } catch (error) {
      throw fileUnreadable(where, error);
    } finally {
      await file?.close();
    }
  }
  return hash.digest('hex');
}
