import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { messageOf, NcnError } from '../errors/error.js';
import {
  checkpointCorrupt,
  checkpointTooNew,
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
import { contentHash, type RunState } from './content-hash.js';
import { canonicalJson, firstIssue, parseJson, type JsonObject, type JsonValue } from './json.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

export interface CheckpointContent extends RunState {
  /** Updates done so far. */
  readonly update: number;
  /** Exempt from retention. */
  readonly keep?: boolean;
}

/** What is known of a checkpoint without reading its tensors. */
export interface CheckpointEntry {
  readonly update: number;
  /** When it was taken, ISO 8601. */
  readonly time: string;
  readonly keep: boolean;
  /** See {@link contentHash}. */
  readonly contentHash: string;
  /** Its folder. */
  readonly path: string;
  /** Of all its files. */
  readonly bytes: number;
}

export interface Checkpoint extends CheckpointEntry, RunState {}

export interface CheckpointOptions {
  /** How many of the newest to keep, besides those marked `keep`; 3 by default. */
  readonly keepLast?: number;
  readonly now?: () => Date;
}

const formatVersion = 1;
const indexFile = 'checkpoint.json';
const stateFile = 'state.safetensors';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256');
/** Parsed from JSON already: any value will do, as long as it is there. */
const jsonSchema = z.custom<JsonValue>((value) => value !== undefined, 'missing');
const jsonObjectSchema = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not an object',
);
const indexSchema = z.strictObject({
  format: z.literal(formatVersion),
  update: z.int().nonnegative(),
  time: z.string(),
  keep: z.boolean(),
  position: jsonSchema,
  plugins: jsonObjectSchema,
  contentHash: sha256Schema,
  files: z.strictObject({
    [stateFile]: z.strictObject({ bytes: z.int().nonnegative(), sha256: sha256Schema }),
  }),
});
type Index = z.infer<typeof indexSchema>;

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
    const checkpoint: Checkpoint = {
      ...entryOf(path, index, text),
      position: index.position,
      plugins: index.plugins,
      tensors: state,
    };
    if (contentHash(checkpoint) !== index.contentHash) {
      throw checkpointCorrupt(path, indexFile, 'its content hash does not match its content');
    }
    return checkpoint;
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

function entryOf(path: string, index: Index, text: string): CheckpointEntry {
  const { update, time, keep, contentHash, files } = index;
  const bytes = Buffer.byteLength(text) + files[stateFile].bytes;
  return { update, time, keep, contentHash, path, bytes };
}

function isCorrupt(error: unknown): error is NcnError {
  return error instanceof NcnError && error.code === 'NCN_RUN_CHECKPOINT_CORRUPT';
}

/** A file that is gone or that the disk cannot read counts as damage; a refusal does not. */
function damageOr(path: string, file: string, error: unknown): Error {
  switch (systemCode(error)) {
    case 'ENOENT':
      return checkpointCorrupt(path, file, 'it is missing', error);
    case 'EIO':
    case 'EISDIR':
      return checkpointCorrupt(path, file, messageOf(error), error);
    default:
      return fileSystemRefused('read', join(path, file), error);
  }
}

async function readIndex(path: string, update: number): Promise<{ index: Index; text: string }> {
  const bad = (what: string, cause?: unknown): Error =>
    checkpointCorrupt(path, indexFile, what, cause);
  let text: string;
  try {
    text = await readFile(join(path, indexFile), 'utf8');
  } catch (error) {
    throw damageOr(path, indexFile, error);
  }
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    throw bad(text === '' ? 'it is empty' : `it is not JSON (${messageOf(error)})`, error);
  }
  const format = z.looseObject({ format: z.int() }).safeParse(value);
  if (format.success && format.data.format > formatVersion) {
    throw checkpointTooNew(join(path, indexFile), format.data.format, formatVersion);
  }
  const parsed = indexSchema.safeParse(value);
  if (!parsed.success) throw bad(firstIssue(parsed.error), parsed.error);
  if (parsed.data.update !== update) {
    throw bad(`it is of update ${parsed.data.update}, its folder is ${basename(path)}`);
  }
  return { index: parsed.data, text };
}

async function readState(path: string, index: Index): Promise<Checkpoint['tensors']> {
  const bad = (what: string, cause?: unknown): Error =>
    checkpointCorrupt(path, stateFile, what, cause);
  const expected = index.files[stateFile];
  try {
    const { size } = await stat(join(path, stateFile));
    if (size !== expected.bytes) throw bad(`it has ${size} bytes instead of ${expected.bytes}`);
    const { tensors, sha256 } = await readSafetensors(join(path, stateFile));
    if (sha256 !== expected.sha256) throw bad(`its SHA-256 is ${sha256}, not ${expected.sha256}`);
    return tensors;
  } catch (error) {
    if (!(error instanceof NcnError)) throw damageOr(path, stateFile, error);
    if (error.code === 'NCN_RUN_SAFETENSORS')
      throw bad(`its structure is broken (${error.message})`, error);
    // What readSafetensors already put into words keeps its cause: look at that.
    if (error.code === 'NCN_RUN_MISSING' || error.code === 'NCN_RUN_IO') {
      throw damageOr(path, stateFile, error.cause);
    }
    throw error;
  }
}
