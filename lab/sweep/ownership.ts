import { cp, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileSystemRefused, systemCode } from '../../core/errors/run.js';
import { removeDirectory, replaceDirectory } from '../../core/run/atomic.js';
import { CheckpointStore } from '../../core/run/checkpoints.js';
import { RunDirectory } from '../../core/run/directory.js';
import type { Attempt, Attempts } from './attempts.js';

/** Whether the job's run is finished and published. */
export async function isPublished(sweep: string, name: string): Promise<boolean> {
  return (await finishedRun(join(sweep, name))) === true;
}

/** Undefined where there is no run. One with damaged files is none that is finished: its resume tells. */
async function finishedRun(path: string): Promise<boolean | undefined> {
  const run = await RunDirectory.at(path);
  if (run === undefined) return undefined;
  return (await run.readStatusIfSound(() => undefined))?.state === 'finished';
}

interface Source {
  readonly path: string;
  /** Whether nobody can be writing there any more. */
  readonly over: boolean;
  readonly finished: boolean;
}

/** Where the newest state of a job is: in its last attempt that has one, or where a sweep that stayed began it. */
async function sourceOf(
  attempts: Attempts,
  name: string,
  before: readonly Attempt[],
): Promise<Source | undefined> {
  const candidates = [
    ...[...before]
      .reverse()
      .map(({ number, end }) => ({ path: attempts.run(name, number), over: end !== null })),
    { path: join(attempts.sweep, name), over: true },
  ];
  for (const source of candidates) {
    const finished = await finishedRun(source.path);
    if (finished !== undefined) return { ...source, finished };
  }
  return undefined;
}

/** Updates at the newest checkpoint of a job; null where there is none. */
export async function progressOf(
  attempts: Attempts,
  name: string,
  before: readonly Attempt[],
): Promise<number | null> {
  const source = await sourceOf(attempts, name, before);
  if (source === undefined) return null;
  const [newest] = await new CheckpointStore(join(source.path, 'checkpoints')).list();
  return newest?.update ?? null;
}

/**
 * Gives an attempt a run directory of its own, with the newest state of the job. A run that nobody
 * can be writing to any more is moved; else it is copied, because its process may live on
 * unknown to the scheduler, and must never write where this one does.
 * @returns whether there was something to go on from; `published`: another attempt has just
 *   finished the job, and there is nothing left to do
 */
export async function takeOver(
  attempts: Attempts,
  name: string,
  number: number,
  before: readonly Attempt[],
): Promise<'nothing' | 'begun' | 'published'> {
  const own = attempts.run(name, number);
  for (let tries = 5; ; tries--) {
    const source = await sourceOf(attempts, name, before);
    if (source === undefined) return 'nothing';
    if (source.finished && source.path === join(attempts.sweep, name)) return 'published';
    try {
      await take(source, own);
      return 'begun';
    } catch (error) {
      // Another attempt may have taken it in this moment.
      if (systemCode(error) !== 'ENOENT' || tries === 0) {
        throw fileSystemRefused('take over', source.path, error);
      }
    }
  }
}

async function take({ path, over }: Source, to: string): Promise<void> {
  if (over) {
    await rename(path, to);
    await rm(join(to, 'lock.json'), { force: true });
    return;
  }
  await copyRun(path, to);
  // Whoever still writes there finds nothing left, and ends.
  await removeDirectory(path).catch(() => undefined);
}

const passing = /^(lock.*|\.(tmp|old)-.*)$/;

/** Copies a run that may be written to: first the checkpoints, then the logs, which reach further. */
async function copyRun(from: string, to: string): Promise<void> {
  await replaceDirectory(to, async (draft) => {
    const names = (await readdir(from)).filter((name) => !passing.test(name));
    names.sort((a, b) => Number(b === 'checkpoints') - Number(a === 'checkpoints'));
    for (const name of names) {
      await patiently(() =>
        cp(join(from, name), join(draft, name), {
          recursive: true,
          filter: (path) => !passing.test(basename(path)),
        }),
      );
    }
  });
}

/** Files may vanish under a copy while their owner replaces them. */
async function patiently(copy: () => Promise<void>): Promise<void> {
  for (let left = 5; ; left--) {
    try {
      await copy();
      return;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || left === 0) throw error;
      await sleep(200);
    }
  }
}

/**
 * Puts a finished run where the sweep expects it. Only one attempt can; a later one finds it there.
 * @throws NcnError where it cannot be moved
 */
export async function publish(sweep: string, name: string, path: string): Promise<void> {
  try {
    await rename(path, join(sweep, name));
  } catch (error) {
    const code = systemCode(error) ?? '';
    const there = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code);
    if (!there || !(await isPublished(sweep, name)))
      throw fileSystemRefused('publish', path, error);
    await removeDirectory(path);
  }
}
