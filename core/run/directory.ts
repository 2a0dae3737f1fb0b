import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import {
  directoryNotEmpty,
  fileSystemRefused,
  notARun,
  runNotBegun,
  runNotFound,
  systemCode,
} from '../errors/run.js';
import { NcnError } from '../errors/error.js';
import { removeStale, syncDirectory, writeFileAtomic } from './atomic.js';
import { makeFolders } from './folders.js';
import { readJsonFile } from './json-file.js';
import { prettyJson, type JsonValue } from './json.js';
import { kindOf } from './kind.js';
import { acquireLock, type RunLock } from './lock.js';
import { newestIn, runsIn } from './runs-in.js';
import { summarySchema } from './summary.js';
import { isUnbegun } from './unbegun.js';

/** Where runs are kept unless told otherwise. */
export const runsRoot = 'runs';

/** In place of a run's name: the newest. A folder of this name comes first. */
export const latestRun = 'latest';

/** The JSON files of a run that {@link RunDirectory.writeJson} writes. */
export type RunJsonFile = 'manifest.json' | 'config.json' | 'summary.json' | 'status.json';

export const statusSchema = z.object({
  state: z.enum(['running', 'finished', 'interrupted', 'failed']),
  /** When it came to be so, ISO 8601. */
  time: z.string(),
  /** Updates done. */
  update: z.int().nonnegative().exactOptional(),
  /** What the process exited with. */
  exitCode: z.int().exactOptional(),
  /** Why, for people. */
  message: z.string().exactOptional(),
});

/** Codes of what is told of files that are lost or damaged, and that the run can write again. */
const rewritten: ReadonlySet<string> = new Set(['NCN_RUN_INVALID_JSON', 'NCN_RUN_MISSING']);

/**
 * How a run ended, or that it has not. A run that was killed still says `running`: ask its lock.
 */
export type RunStatus = Readonly<z.infer<typeof statusSchema>>;

/** The folder of one run, and where everything is in it. */
export class RunDirectory {
  /** Absolute. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes a new folder `<root>/<YYYYMMDD-HHMMSS>-<preset>-<seed>` (local time), with `-2`, `-3`,
   * … at its end where the name is taken, even by a process that starts this very moment.
   *
   * @throws NcnError where it cannot be created.
   */
  static async create(
    root: string,
    presetName: string,
    seed: number | string,
    now: Date,
  ): Promise<RunDirectory> {
    const name = [stamp(now), fileNameOf(presetName), fileNameOf(String(seed))].join('-');
    try {
      await makeFolders(root);
      for (let i = 1; ; i++) {
        const path = resolve(root, i === 1 ? name : `${name}-${i}`);
        if (await makeDirectory(path)) return await RunDirectory.#furnish(path);
      }
    } catch (error) {
      throw fileSystemRefused('create', resolve(root, name), error);
    }
  }

  /**
   * Makes a new run in the folder that the user named, which may exist if it is empty, or if a
   * run that was to begin there left nothing but what precedes its manifest.
   *
   * @throws NcnError `NCN_RUN_NOT_EMPTY`, and where it cannot be created.
   */
  static async createAt(directory: string): Promise<RunDirectory> {
    const path = resolve(directory);
    try {
      await makeFolders(path);
      const names = await readdir(path);
      if (names.length > 0 && !(await isUnbegun(path, names))) throw directoryNotEmpty(path);
      return await RunDirectory.#furnish(path);
    } catch (error) {
      // mkdir's word for "there is a file of this name"
      if (systemCode(error instanceof NcnError ? error.cause : error) === 'EEXIST')
        throw notARun(path, 'it is a file', []);
      throw fileSystemRefused('create', path, error);
    }
  }

  /**
   * Opens the folder of an existing run, given as a path, as a name inside `root`, or as `latest`.
   *
   * @throws NcnError `NCN_RUN_NOT_FOUND` with the nearest name, `NCN_RUN_NOT_A_RUN`, or
   * `NCN_RUN_PERMISSION`, ….
   */
  static async open(given: string, root = runsRoot): Promise<RunDirectory> {
    const candidates = [resolve(given)];
    if (!isAbsolute(given)) candidates.push(resolve(root, given));
    let notRun: Error | undefined;
    for (const path of candidates) {
      const kind = await kindOf(path);
      if (kind === 'none') continue;
      if (kind === 'file') notRun ??= notARun(path, 'it is a file', []);
      else if ((await kindOf(join(path, 'manifest.json'))) === 'file')
        return new RunDirectory(path);
      else if (await isUnbegun(path)) notRun ??= runNotBegun(path);
      else notRun ??= notARun(path, 'it has no manifest.json', await runsIn(path));
    }
    const newest = given === latestRun ? await newestIn(resolve(root)) : undefined;
    if (newest !== undefined) return new RunDirectory(newest);
    if (notRun !== undefined) throw notRun;
    const parents = [...new Set(candidates.map((path) => dirname(path)))];
    const names = (await Promise.all(parents.map(runsIn))).flat();
    throw runNotFound(basename(given), parents, names);
  }

  /**
   * The run in a folder; undefined where there is none. Unlike {@link open} it never looks at the
   * folder's neighbours, of which a sweep has thousands.
   *
   * @throws NcnError where it cannot be read.
   */
  static async at(path: string): Promise<RunDirectory | undefined> {
    const begun = (await kindOf(join(path, 'manifest.json'))) === 'file';
    return begun ? new RunDirectory(resolve(path)) : undefined;
  }

  /** The last part of the path. */
  get name(): string {
    return basename(this.path);
  }
  /** What was run, by what, on what: makes the folder a run. */
  get manifest(): string {
    return join(this.path, 'manifest.json');
  }
  /** The resolved configuration. */
  get config(): string {
    return join(this.path, 'config.json');
  }
  /** The event log; see {@link EventLog}. */
  get metrics(): string {
    return join(this.path, 'metrics.jsonl');
  }
  /** What was told to the user. */
  get log(): string {
    return join(this.path, 'log.jsonl');
  }
  get summary(): string {
    return join(this.path, 'summary.json');
  }
  get status(): string {
    return join(this.path, 'status.json');
  }
  get images(): string {
    return join(this.path, 'images');
  }
  /** See {@link CheckpointStore}. */
  get checkpoints(): string {
    return join(this.path, 'checkpoints');
  }

  /**
   * Takes the run for this process alone, and clears what a process that died left half-written.
   *
   * @throws NcnError as {@link acquireLock} does.
   */
  async lock(report: (message: string) => void): Promise<RunLock> {
    const lock = await acquireLock(this.path, report);
    // What was removed, or lost by a copy, is made again.
    for (const folder of [this.images, this.checkpoints]) await makeFolders(folder);
    const samples = join(this.path, 'samples');
    const kept = await readdir(samples).catch(() => []);
    for (const folder of [this.path, this.images, ...kept.map((name) => join(samples, name))]) {
      if ((await kindOf(folder)) === 'directory') await removeStale(folder);
    }
    return lock;
  }

  /** Writes a JSON file of the run whole or not at all. @throws NcnError */
  async writeJson(name: RunJsonFile, value: JsonValue): Promise<void> {
    await writeFileAtomic(join(this.path, name), prettyJson(value));
  }

  /**
   * Reads a JSON file of the run.
   *
   * @throws NcnError `NCN_RUN_MISSING`, `NCN_RUN_INVALID_JSON` where it is not JSON or not what
   * the schema asks for.
   */
  async readJson(name: RunJsonFile): Promise<JsonValue>;
  async readJson<T>(name: RunJsonFile, schema: z.ZodType<T>): Promise<T>;
  async readJson<T>(name: RunJsonFile, schema?: z.ZodType<T>): Promise<T | JsonValue> {
    const path = join(this.path, name);
    return schema === undefined ? readJsonFile(path) : readJsonFile(path, schema);
  }

  /** @throws NcnError where it cannot be written. */
  async writeStatus(status: RunStatus): Promise<void> {
    await this.writeJson('status.json', { ...status });
  }

  /** Undefined where the run was never started. @throws NcnError as {@link readJson} does. */
  async readStatus(): Promise<RunStatus | undefined> {
    if ((await kindOf(this.status)) === 'none') return undefined;
    return this.readJson('status.json', statusSchema);
  }

  /**
   * The same, where a damaged file counts as none, as does a finished run's without its results: what
   * goes on with the run writes both anew, and `report` is told so.
   */
  async readStatusIfSound(report: (message: string) => void): Promise<RunStatus | undefined> {
    try {
      const status = await this.readStatus();
      if (status?.state === 'finished') await this.readJson('summary.json', summarySchema);
      return status;
    } catch (error) {
      if (!(error instanceof NcnError && rewritten.has(error.code))) throw error;
      report(`${error.message} It is written anew.`);
      return undefined;
    }
  }

  static async #furnish(path: string): Promise<RunDirectory> {
    const run = new RunDirectory(path);
    await makeFolders(run.images);
    await makeFolders(run.checkpoints);
    await syncDirectory(path);
    await syncDirectory(dirname(path));
    return run;
  }
}

/** False where something of this name exists. */
async function makeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function stamp(now: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('');
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

/** A preset may be given as a path: its file name says enough. */
function fileNameOf(text: string): string {
  const name = basename(text).replace(/\.[cm]?[jt]s$/, '');
  return name.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 80) || 'run';
}
