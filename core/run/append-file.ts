import { open, stat, type FileHandle } from 'node:fs/promises';
import { fileSystemRefused, notAFile, systemCode } from '../errors/run.js';

/**
 * A file that grows at its end and can be cut back: what a checkpoint needs, so that a resumed
 * run leaves neither overlap nor gap. One operation on the file at a time.
 */
export class AppendFile {
  readonly path: string;
  readonly #file: FileHandle;
  /** Bytes in the file. */
  #written: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Whether something was written that a crash of the machine may still lose. */
  #volatile = false;
  #tail: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.#file = file;
    this.#written = size;
  }

  /**
   * Opens the file for appending, creating it where there is none.
   * @param wholeBytes how much of the file to keep: what a crash left torn is cut off
   * @throws NcnError where the file cannot be opened for writing
   */
  static async open(
    path: string,
    wholeBytes: (file: FileHandle, size: number) => Promise<number>,
  ): Promise<AppendFile> {
    let file: FileHandle | undefined;
    try {
      await checkRegular(path);
      file = await open(path, 'a+');
      const { size } = await file.stat();
      const whole = await wholeBytes(file, size);
      if (whole < size) await file.truncate(whole);
      return new AppendFile(path, file, whole);
    } catch (error) {
      await file?.close();
      throw fileSystemRefused('open', path, error);
    }
  }

  /** Where the next bytes go, counting what is not written yet. */
  get position(): number {
    return this.#written + this.#pendingBytes;
  }

  /** Adds bytes in memory; {@link write} or {@link flush} writes them. */
  append(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.byteLength;
  }

  /**
   * Hands everything appended so far to the operating system: other processes see it, a crash of
   * the machine may lose it.
   * @throws NcnError (`NCN_RUN_DISK_FULL`, …); the bytes stay pending and can be written again
   */
  write(): Promise<void> {
    return this.#enqueue(() => this.#writePending(false));
  }

  /** Makes everything appended so far durable. @throws NcnError as {@link write} does */
  flush(): Promise<void> {
    return this.#enqueue(() => this.#writePending(true));
  }

  /**
   * Forgets everything after `position`.
   * @param check throws where the file cannot be cut there
   * @throws NcnError where the file cannot be cut
   */
  async truncateTo(
    position: number,
    check: (file: FileHandle, size: number) => Promise<void> | void,
  ): Promise<void> {
    await this.flush();
    return this.#enqueue(async () => {
      try {
        await check(this.#file, this.#written);
        await this.#file.truncate(position);
        await this.#file.sync();
        this.#written = position;
      } catch (error) {
        throw fileSystemRefused('truncate', this.path, error);
      }
    });
  }

  /** Flushes and closes. @throws NcnError as {@link flush} does; the file is closed all the same */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  async #writePending(durable: boolean): Promise<void> {
    const count = this.#pending.length;
    if (count > 0) {
      const bytes = Buffer.concat(this.#pending);
      try {
        await this.#file.writeFile(bytes);
      } catch (error) {
        // Half a write must not stay in front of the next attempt.
        await this.#file.truncate(this.#written).catch(() => undefined);
        throw fileSystemRefused('write', this.path, error);
      }
      this.#pending = this.#pending.slice(count);
      this.#pendingBytes -= bytes.byteLength;
      this.#written += bytes.byteLength;
      this.#volatile = true;
    }
    if (!durable || !this.#volatile) return;
    try {
      await this.#file.sync();
      this.#volatile = false;
    } catch (error) {
      throw fileSystemRefused('write', this.path, error);
    }
  }

  /** A failed operation does not stop the next. */
  #enqueue(operation: () => Promise<void>): Promise<void> {
    const done = this.#tail.then(operation);
    this.#tail = done.catch(() => undefined);
    return done;
  }
}

/** A pipe or a device would keep whoever opens it waiting. */
async function checkRegular(path: string): Promise<void> {
  try {
    if (!(await stat(path)).isFile()) throw notAFile(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
