import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { messageOf, NcnError } from '../errors/error.js';
import {
  checkpointCorrupt,
  checkpointTooNew,
  fileSystemRefused,
  systemCode,
} from '../errors/run.js';
import type { RunState } from './content-hash.js';
import { sealOf, type ConfigurationSeal } from './seal.js';
import type { Prefix } from './prefix.js';
import { firstIssue, parseJson, type JsonObject, type JsonValue } from './json.js';
import { readSafetensors } from './safetensors.js';

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

export interface Checkpoint extends CheckpointEntry, RunState, CheckpointContext {}

/** What a state belongs to, beside the state. Those of older versions do not say. */
export interface CheckpointContext {
  /** The configuration that holds from here on. */
  readonly configuration?: ConfigurationSeal;
  /** What `metrics.jsonl` held. */
  readonly metrics?: Prefix;
}

export const formatVersion = 1;
export const indexFile = 'checkpoint.json';
export const stateFile = 'state.safetensors';

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
  configuration: z.strictObject({ sha256: sha256Schema, values: jsonObjectSchema }).exactOptional(),
  metrics: z.strictObject({ bytes: z.int().nonnegative(), sha256: sha256Schema }).exactOptional(),
  files: z.strictObject({
    [stateFile]: z.strictObject({ bytes: z.int().nonnegative(), sha256: sha256Schema }),
  }),
});
export type Index = z.infer<typeof indexSchema>;

/** What the store tells of a checkpoint. @param text of its index */
export function entryOf(path: string, index: Index, text: string): CheckpointEntry {
  const { update, time, keep, contentHash, files } = index;
  const bytes = Buffer.byteLength(text) + files[stateFile].bytes;
  return { update, time, keep, contentHash, path, bytes };
}

export function isCorrupt(error: unknown): error is NcnError {
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

/** Reads and checks `checkpoint.json`. @throws NcnError where it is damaged, or of a newer format */
export async function readIndex(
  path: string,
  update: number,
): Promise<{ index: Index; text: string }> {
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
  const { configuration } = parsed.data;
  if (configuration !== undefined && sealOf(configuration.values).sha256 !== configuration.sha256) {
    throw bad('its configuration does not match its hash');
  }
  return { index: parsed.data, text };
}

/** Reads the tensors and checks them against the index. @throws NcnError where they are damaged */
export async function readState(path: string, index: Index): Promise<Checkpoint['tensors']> {
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
