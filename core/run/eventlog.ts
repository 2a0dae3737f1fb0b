import type { FileHandle } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { messageOf } from '../errors/error.js';
import {
  eventLogLine,
  eventLogNotAtLine,
  eventLogShort,
  fileSystemRefused,
} from '../errors/run.js';
import { AppendFile } from './append-file.js';
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

  private constructor(file: AppendFile) {
    this.#file = file;
  }

  /**
   * Opens the file for appending, creating it where there is none. A last line that was torn by
   * a crash is cut off.
   *
   * @throws NcnError where the file cannot be opened for writing.
   */
  static async open(path: string): Promise<EventLog> {
    return new EventLog(await AppendFile.open(path, endOfLastLine));
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
    this.#file.append(Buffer.from(`${canonicalJsonLine(record)}\n`));
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
  truncateTo(position: number): Promise<void> {
    return this.#file.truncateTo(position, async (file, size) => {
      if (position > size) throw eventLogShort(this.path, size, position);
      const before = Buffer.alloc(1);
      if (position > 0) await file.read(before, 0, 1, position - 1);
      if (position > 0 && before[0] !== newline) throw eventLogNotAtLine(this.path, position);
    });
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
