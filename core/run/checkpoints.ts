import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkpointCorrupt,
  fileSystemRefused,
  noCheckpoint,
  systemCode,
  writeNotVerified,
} from '../errors/run.js';
import {
  removeDirectory,
  removeStale,
  replacedName,
  replaceDirectory,
  writeFileAtomic,
} from './atomic.js';
import { sha256OfFile } from './bytes.js';
import {
  entryOf,
  formatVersion,
  indexFile,
  isCorrupt,
  readIndex,
  readState,
  stateFile,
  type Checkpoint,
  type CheckpointContext,
  type CheckpointEntry,
  type Index,
} from './checkpoint-files.js';
import { contentHash, type RunState } from './content-hash.js';
import { canonicalJson } from './json.js';
import { writeSafetensors } from './safetensors.js';

export type { Checkpoint, CheckpointEntry } from './checkpoint-files.js';

export interface CheckpointContent extends RunState, CheckpointContext {
  /** Updates done so far. */
  readonly update: number;
  /** Exempt from retention. */
  readonly keep?: boolean;
}

export interface CheckpointOptions {
  /** How many of the newest to keep, besides those marked `keep`; 3 by default. */
  readonly keepLast?: number;
  readonly now?: () => Date;
}

/**
 * The checkpoints of one run, `RUN/checkpoints/update-000001000/` and so on. Whatever happens to
 * the process, every folder of that name is a whole checkpoint.
 *
 * Reading never changes anything; saving and discarding are for the holder of the run's lock.
 */
export class CheckpointStore {
  readonly directory: string;
  readonly #keepLast: number;
  readonly #now: () => Date;
  #clean = false;

  constructor(directory: string, { keepLast = 3, now = () => new Date() }: CheckpointOptions = {}) {
    this.directory = directory;
    this.#keepLast = Math.max(1, keepLast);
    this.#now = now;
  }

  /**
   * Saves a state durably, replacing one of the same update, then removes what retention no
   * longer wants. What was there before stays until the new one is verified and in place. The
   * tensors must not change until the promise settles.
   *
   * @throws NcnError `NCN_RUN_NOT_JSON`, `NCN_RUN_INVALID_TENSOR`, `NCN_RUN_NOT_VERIFIED`, or
   * `NCN_RUN_DISK_FULL`, `_PERMISSION`, `_READ_ONLY`, …; the store is then as it was.
   */
  async save(content: CheckpointContent): Promise<CheckpointEntry> {
    const { update, position, plugins, tensors, keep = false } = content;
    const { configuration, metrics } = content;
    const hash = contentHash(content);
    await this.#prepare();
    const path = join(this.directory, nameOf(update));
    const entry = await replaceDirectory(path, async (draft): Promise<CheckpointEntry> => {
      const state = await writeSafetensors(join(draft, stateFile), tensors, {
        contentHash: hash,
        update: String(update),
      });
      const index: Index = {
        format: formatVersion,
        update,
        time: this.#now().toISOString(),
        keep,
        position,
        plugins,
        contentHash: hash,
        ...(configuration === undefined ? {} : { configuration }),
        ...(metrics === undefined ? {} : { metrics }),
        files: { [stateFile]: state },
      };
      const text = `${canonicalJson(index)}\n`;
      await writeFileAtomic(join(draft, indexFile), text);
      if ((await sha256OfFile(join(draft, stateFile))) !== state.sha256) {
        throw writeNotVerified(join(path, stateFile));
      }
      if ((await readFile(join(draft, indexFile), 'utf8')) !== text) {
        throw writeNotVerified(join(path, indexFile));
      }
      return entryOf(path, index, text);
    });
    await this.#retain(entry);
    return entry;
  }

  /**
   * The checkpoints, newest first, from their small files alone. One whose `checkpoint.json` is
   * unusable is left out and told to `report`.
   *
   * @throws NcnError where the folder cannot be read, or a checkpoint is of a newer format.
   */
  async list(report: (message: string) => void = () => undefined): Promise<CheckpointEntry[]> {
    const entries: CheckpointEntry[] = [];
    for (const { path, update } of await this.#folders()) {
      try {
        const { index, text } = await readIndex(path, update);
        entries.push(entryOf(path, index, text));
      } catch (error) {
        if (!isCorrupt(error)) throw error;
        report(error.message);
      }
    }
    return entries;
  }

  /**
   * Reads a checkpoint and checks it against its hashes.
   *
   * @throws NcnError `NCN_RUN_CHECKPOINT_CORRUPT` naming the damaged file and what is wrong, or
   * `NCN_RUN_CHECKPOINT_FORMAT`, `NCN_RUN_PERMISSION`, ….
   */
  async load(entry: Pick<CheckpointEntry, 'path' | 'update'>): Promise<Checkpoint> {
    const { path, update } = entry;
    const { index, text } = await readIndex(path, update);
    const state = await readState(path, index);
    const { configuration, metrics } = index;
    const checkpoint: Checkpoint = {
      ...entryOf(path, index, text),
      ...(configuration === undefined ? {} : { configuration }),
      ...(metrics === undefined ? {} : { metrics }),
      position: index.position,
      plugins: index.plugins,
      tensors: state,
    };
    if (contentHash(checkpoint) !== index.contentHash) {
      throw checkpointCorrupt(path, indexFile, 'its content hash does not match its content');
    }
    return checkpoint;
  }

  /**
   * The newest one, or what is wrong with it, for people; undefined where there is none.
   * @throws NcnError as {@link load} does for what is no damage
   */
  async newest(): Promise<Checkpoint | string | undefined> {
    const [folder] = await this.#folders();
    if (folder === undefined) return undefined;
    return this.load(folder).catch((error: unknown) => {
      if (isCorrupt(error)) return error.message;
      throw error;
    });
  }

  /** The newest one before this update, where a replay of it starts; undefined: at the beginning. */
  async before(update: number): Promise<CheckpointEntry | undefined> {
    return (await this.list()).find((entry) => entry.update < update);
  }

  /**
   * The newest checkpoint that is whole. Damaged newer ones are told to `report`, each with the
   * file and what was wrong, then which one is used instead.
   *
   * @throws NcnError `NCN_RUN_NO_CHECKPOINT` where none is left, and as {@link load} does for
   * what is no damage (permissions, a newer format).
   */
  async latestValid(report: (message: string) => void): Promise<Checkpoint> {
    const damaged: string[] = [];
    for (const folder of await this.#folders()) {
      try {
        const checkpoint = await this.load(folder);
        if (damaged.length > 0) {
          report(`Using the checkpoint before instead: ${checkpoint.path}.`);
        }
        return checkpoint;
      } catch (error) {
        if (!isCorrupt(error)) throw error;
        damaged.push(error.message);
        report(error.message);
      }
    }
    throw noCheckpoint(this.directory, damaged);
  }

  /**
   * Removes the checkpoints after `update`, whole or damaged: for a run that goes on from an
   * earlier one, whose later ones belong to a past that its log no longer tells.
   *
   * @returns the folders removed.
   * @throws NcnError where one cannot be removed.
   */
  async discardAfter(update: number): Promise<string[]> {
    await this.#prepare();
    const later = (await this.#folders()).filter((folder) => folder.update > update);
    for (const { path } of later) await removeDirectory(path);
    return later.map(({ path }) => path);
  }

  /** Clears what an earlier process left behind, once. */
  async #prepare(): Promise<void> {
    if (this.#clean) return;
    try {
      // Not recursive: a run directory that vanished must not come back in part.
      await mkdir(this.directory);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw fileSystemRefused('create', this.directory, error);
    }
    await removeStale(this.directory);
    this.#clean = true;
  }

  /** Every checkpoint folder, newest first, including one that was just being replaced. */
  async #folders(): Promise<{ path: string; update: number }[]> {
    let names: string[];
    try {
      names = await readdir(this.directory);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw fileSystemRefused('read', this.directory, error);
    }
    const found = new Map<number, string>();
    for (const name of names) {
      const update = updateOf(name);
      if (update !== undefined) found.set(update, name);
    }
    for (const name of names) {
      const update = updateOf(replacedName(name) ?? '');
      if (update !== undefined && !found.has(update)) found.set(update, name);
    }
    return [...found]
      .map(([update, name]) => ({ update, path: join(this.directory, name) }))
      .sort((a, b) => b.update - a.update);
  }

  /** `saved` was verified a moment ago, so it stays whatever else there is. */
  async #retain(saved: CheckpointEntry): Promise<void> {
    const ordinary = (await this.list()).filter((entry) => !entry.keep);
    for (const { path, update } of ordinary.slice(this.#keepLast)) {
      if (update !== saved.update) await removeDirectory(path);
    }
  }
}

function nameOf(update: number): string {
  return `update-${String(update).padStart(9, '0')}`;
}

function updateOf(name: string): number | undefined {
  const digits = /^update-(\d{9,15})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
