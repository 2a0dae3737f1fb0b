import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fileSystemRefused, systemCode } from '../../core/errors/run.js';
import { writeFileAtomic } from '../../core/run/atomic.js';
import { canonicalJson, jsonOf, parseJson } from '../../core/run/json.js';
import { isThere, readIfThere } from '../files.js';

/** How an attempt ended; null: it has not, or its process died without a word. */
export const attemptEnds = ['done', 'failed', 'yielded', 'superseded', 'stalled'] as const;
export type AttemptEnd = (typeof attemptEnds)[number];

/** One start of a job on some machine. */
export interface Attempt {
  /** 1, 2, …; the highest owns the job. */
  readonly number: number;
  readonly end: AttemptEnd | null;
}

const startSchema = z.object({
  /** Of the submission that it belongs to. */
  token: z.string(),
  time: z.string(),
  host: z.string(),
  pid: z.int(),
  /** Updates done before; null where there was no checkpoint. */
  from: z.int().nonnegative().nullable(),
});
export type AttemptStart = z.infer<typeof startSchema>;

const endSchema = z.object({
  time: z.string(),
  seconds: z.number().nonnegative(),
  exit: z.int(),
  reason: z.string().nullable(),
});
export type AttemptEnding = z.infer<typeof endSchema>;

const pattern = new RegExp(`^(.+)\\.(\\d+)(?:\\.(${attemptEnds.join('|')}))?\\.json$`);

/**
 * Who works on which job of a sweep, in the folder `attempts` that all machines share: a small
 * file `NAME.NUMBER.json` for each start of a job and `NAME.NUMBER.done.json` (or another end) for
 * its end, and the folder `NAME.NUMBER` with its run. Each file is written once, by one process;
 * all that is asked of the file system is that only one of two processes can create a file, and
 * that a rename is whole or not at all.
 */
export class Attempts {
  readonly folder: string;

  constructor(readonly sweep: string) {
    this.folder = join(sweep, 'attempts');
  }

  /** All attempts, by job name, ascending: one listing of one folder. @throws NcnError */
  async list(): Promise<Map<string, Attempt[]>> {
    let names: string[];
    try {
      names = await readdir(this.folder);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return new Map();
      throw fileSystemRefused('read', this.folder, error);
    }
    const ends = new Map<string, Map<number, AttemptEnd | null>>();
    for (const file of names) {
      const [, name = '', digits = '', end] = pattern.exec(file) ?? [];
      if (name === '') continue;
      const known = ends.get(name) ?? new Map<number, AttemptEnd | null>();
      ends.set(name, known);
      const kind = attemptEnds.find((one) => one === end);
      known.set(Number(digits), kind ?? known.get(Number(digits)) ?? null);
    }
    return new Map(
      [...ends].map(([name, known]) => [
        name,
        [...known]
          .map(([number, end]): Attempt => ({ number, end }))
          .sort((a, b) => a.number - b.number),
      ]),
    );
  }

  /**
   * The attempts of one job, ascending. They are asked for by name: each start of a job does this,
   * and a listing of the folder grows with the sweep. @throws NcnError
   */
  async of(name: string): Promise<Attempt[]> {
    const found: Attempt[] = [];
    for (let number = 1; await isThere(this.startFile(name, number)); number++) {
      const there = await Promise.all(
        attemptEnds.map((end) => isThere(this.endFile(name, number, end))),
      );
      found.push({ number, end: attemptEnds.find((_, i) => there[i] === true) ?? null });
    }
    return found;
  }

  /** Makes an attempt with the next free number. @throws NcnError where nothing can be written */
  async claim(name: string, after: number, start: AttemptStart): Promise<number> {
    for (let number = after + 1; ; number++) {
      const path = this.startFile(name, number);
      try {
        const file = await open(path, 'wx');
        try {
          await file.writeFile(`${canonicalJson(start)}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
        return number;
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw fileSystemRefused('write', path, error);
      }
    }
  }

  async end(name: string, number: number, end: AttemptEnd, about: AttemptEnding): Promise<void> {
    const path = this.endFile(name, number, end);
    await writeFileAtomic(path, `${canonicalJson(jsonOf(about))}\n`);
  }

  /** Whether a later attempt has taken over. */
  async superseded(name: string, number: number): Promise<boolean> {
    return (await readIfThere(this.startFile(name, number + 1))) !== undefined;
  }

  /** Undefined where its process died while it wrote, or it is still being written. */
  start(name: string, number: number): Promise<AttemptStart | undefined> {
    return read(this.startFile(name, number), startSchema);
  }

  ending(name: string, { number, end }: Attempt): Promise<AttemptEnding | undefined> {
    return end === null
      ? Promise.resolve(undefined)
      : read(this.endFile(name, number, end), endSchema);
  }

  /** The run of an attempt, until it is published. */
  run(name: string, number: number): string {
    return join(this.folder, `${name}.${number}`);
  }

  /** What the job says on standard output. */
  log(name: string, number: number): string {
    return join(this.sweep, 'logs', `${name}.${number}.log`);
  }

  private startFile(name: string, number: number): string {
    return join(this.folder, `${name}.${number}.json`);
  }

  private endFile(name: string, number: number, end: AttemptEnd): string {
    return join(this.folder, `${name}.${number}.${end}.json`);
  }
}

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = (await readIfThere(path))?.toString('utf8') ?? '';
  try {
    return schema.safeParse(parseJson(text)).data;
  } catch {
    return undefined;
  }
}
