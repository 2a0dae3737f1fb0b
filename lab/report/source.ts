import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileSystemRefused, systemCode } from '../../core/errors/run.js';
import type { z } from 'zod';
import { outsideRuns } from '../errors/report.js';
import { readJsonFile } from '../../core/run/json-file.js';

/**
 * Where a page reads a run from. With `within`, no file outside that folder is ever read, wherever
 * links inside it lead.
 */
export class RunSource {
  /** @param path folder of the run @param id its name on pages */
  constructor(
    readonly path: string,
    readonly id: string,
    private readonly within?: string,
  ) {}

  /**
   * The place of a file of the run, with all links followed; undefined where there is none.
   * @throws NcnError `NCN_WATCH_OUTSIDE` where it lies outside, and where it cannot be told
   */
  async locate(name: string): Promise<string | undefined> {
    const path = join(this.path, name);
    try {
      const real = await realpath(path);
      if (this.within !== undefined) {
        const root = await realpath(this.within);
        if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) throw outsideRuns(name);
      }
      return real;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw fileSystemRefused('read', path, error);
    }
  }

  /** The whole file; undefined where there is none. @throws as {@link locate} does */
  async bytes(name: string): Promise<Buffer | undefined> {
    const path = await this.locate(name);
    if (path === undefined) return undefined;
    try {
      return await readFile(path);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw fileSystemRefused('read', path, error);
    }
  }

  /** A JSON file; undefined where there is none. @throws NcnError as {@link readJsonFile} does */
  async json<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const path = await this.locate(name);
    return path === undefined ? undefined : readJsonFile(path, schema);
  }

  /** The file from a byte on; undefined where there is none. @throws as {@link locate} does */
  async bytesFrom(name: string, start: number): Promise<Buffer | undefined> {
    const path = await this.locate(name);
    if (path === undefined) return undefined;
    try {
      const file = await open(path, 'r');
      try {
        const { size } = await file.stat();
        if (size < start) return undefined;
        const buffer = Buffer.alloc(size - start);
        const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw fileSystemRefused('read', path, error);
    }
  }

  /** Names in a folder; none where there is none. @throws as {@link locate} does */
  async list(folder: string): Promise<string[]> {
    const path = await this.locate(folder);
    if (path === undefined) return [];
    try {
      return (await readdir(path)).sort();
    } catch (error) {
      if (isAbsent(error)) return [];
      throw fileSystemRefused('read', path, error);
    }
  }

  /** Changes whenever the file does; empty where there is none. */
  async stamp(name: string): Promise<string> {
    const path = await this.locate(name);
    if (path === undefined) return '';
    try {
      const { size, mtimeMs, ino } = await stat(path);
      return `${size}-${mtimeMs}-${ino}`;
    } catch (error) {
      if (isAbsent(error)) return '';
      throw fileSystemRefused('read', path, error);
    }
  }
}

const isAbsent = (error: unknown): boolean =>
  systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
