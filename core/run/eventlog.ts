import type { Hash } from 'node:crypto';
import { stat, type FileHandle } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { messageOf } from '../errors/error.js';
import {
  eventLogLine,
  eventLogNotAtLine,
  eventLogShort,
  fileSystemRefused,
  notAFile,
} from '../errors/run.js';
import { AppendFile } from './append-file.js';
import { hashPrefix, type Prefix } from './prefix.js';
import { canonicalJsonLine, parseJson, type JsonObject, type JsonValue } from './json.js';

const newline = 0x0a;
const scanBytes = 64 << 10;

/**
 * An append-only file of JSON lines. The same records give the same bytes: keys are sorted,
 * numbers are in their shortest exact form; NaN and infinities are written as strings.
 *
 * A checkpoint stores {@link position} after a {@link flush}; resuming calls
 * {@link truncateTo} with it, so that the file has neither overlap nor gap.
 */
export class EventLog {
  readonly #file: AppendFile;
  /** Of everything so far. */
  #hash: Hash;
  /** Whether no earlier position means anything any more. */
  readonly #rebuilt: boolean;

  private constructor(file: AppendFile, hash: Hash, rebuilt: boolean) {
    this.#file = file;
    this.#hash = hash;
    this.#rebuilt = rebuilt;
  }

  /**
   * Opens the file for appending, creating it where there is none. A last line that was torn by
   * a crash is cut off.
   *
   * @param rebuilt whether the file was made anew: {@link truncateTo} then keeps all of it
   * @throws NcnError where the file cannot be opened for writing.
   */
  static async open(path: string, rebuilt = false): Promise<EventLog> {
    const file = await AppendFile.open(path, endOfLastLine);
    return new EventLog(file, await hashPrefix(path, file.position), rebuilt);
  }

  get path(): string {
    return this.#file.path;
  }

  /** Where the next record begins, in bytes, counting what is not flushed yet. */
  get position(): number {
    return this.#file.position;
  }

  /**
   * Adds a record in memory; {@link flush} writes it.
   *
   * @throws NcnError (`NCN_RUN_NOT_JSON`) for a value that cannot be written.
   */
  append(record: JsonObject): void {
    const line = Buffer.from(`${canonicalJsonLine(record)}\n`);
    this.#file.append(line);
    this.#hash.update(line);
  }

  /** What the file holds up to {@link position}. */
  get content(): Prefix {
    return { bytes: this.position, sha256: this.#hash.copy().digest('hex') };
  }

  /**
   * Makes everything appended so far durable.
   *
   * @throws NcnError (`NCN_RUN_DISK_FULL`, …); the records stay pending and can be flushed again.
   */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /**
   * Forgets everything after `position`, a value of {@link position} at some earlier time.
   *
   * @throws NcnError `NCN_RUN_LOG_SHORT` where the file ends before (lines are missing),
   * `NCN_RUN_LOG_POSITION` where a line goes on at that place.
   */
  async truncateTo(position: number): Promise<void> {
    if (this.#rebuilt || position === this.position) return this.flush();
    await this.#file.truncateTo(position, async (file, size) => {
      if (position > size) throw eventLogShort(this.path, size, position);
      const before = Buffer.alloc(1);
      if (position > 0) await file.read(before, 0, 1, position - 1);
      if (position > 0 && before[0] !== newline) throw eventLogNotAtLine(this.path, position);
    });
    this.#hash = await hashPrefix(this.path, position);
  }

  /** Flushes and closes. @throws NcnError as {@link flush} does; the file is closed all the same. */
  close(): Promise<void> {
    return this.#file.close();
  }
}

/**
 * The records of an event log, in order. A torn last line (the writer is writing, or died) is
 * left out.
 *
 * @throws NcnError `NCN_RUN_LOG_LINE` for any other line that is not a JSON object, and
 * `NCN_RUN_MISSING`, … where the file cannot be read.
 */
export async function* readEvents(path: string): AsyncGenerator<JsonObject, void, undefined> {
  let number = 0;
  // A broken line is an error only once another one follows.
  let broken: { readonly line: number; readonly what: string } | undefined;
  for await (const line of lines(path)) {
    number += 1;
    if (broken !== undefined) throw eventLogLine(path, broken.line, broken.what);
    const record = parseRecord(line);
    if (typeof record === 'string') broken = { line: number, what: record };
    else yield record;
  }
}

/**
 * What can be read of a damaged event log: records up to an update, in order.
 * @returns `lost`: why there is nothing
 */
export async function salvageEvents(
  path: string,
  update: number,
): Promise<{ readonly records: JsonObject[]; readonly lost?: unknown }> {
  const records: JsonObject[] = [];
  try {
    if (!(await stat(path)).isFile()) throw notAFile(path);
    for await (const line of lines(path)) {
      const record = parseRecord(line);
      if (typeof record === 'string') continue;
      if (typeof record['update'] === 'number' && record['update'] <= update) records.push(record);
    }
  } catch (error) {
    return { records: [], lost: fileSystemRefused('read', path, error) };
  }
  return { records };
}

/** The record, or what is wrong with the line. */
function parseRecord(line: string): JsonObject | string {
  let value: JsonValue;
  try {
    value = parseJson(line);
  } catch (error) {
    return `not JSON (${messageOf(error)})`;
  }
  if (isObject(value)) return value;
  return 'not a JSON object';
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The lines that end in a newline. */
async function* lines(path: string): AsyncGenerator<string, void, undefined> {
  const rest: Buffer[] = [];
  const stream: AsyncIterable<Buffer> = createReadStream(path);
  try {
    for await (const chunk of stream) {
      let from = 0;
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
        rest.push(chunk.subarray(from, at));
        yield Buffer.concat(rest.splice(0)).toString('utf8');
        from = at + 1;
      }
      rest.push(chunk.subarray(from));
    }
  } catch (error) {
    throw fileSystemRefused('read', path, error);
  }
}

/** The offset after the last newline before `size`. */
async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(scanBytes);
  for (let end = size; end > 0;) {
    const begin = Math.max(0, end - scanBytes);
    const { bytesRead } = await file.read(chunk, 0, end - begin, begin);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(newline);
    if (at >= 0) return begin + at + 1;
    end = begin;
  }
  return 0;
}
