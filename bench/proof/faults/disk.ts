import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command, folder } from '../command.js';
import { smallRun } from '../small-runs.js';
import { endsEqual, isRoot, judged, limited, newRun, removeAround, stoppedRun } from './fault.js';
import type { Fault } from './fault.js';

const needsRoot = (): string | undefined =>
  isRoot && process.platform === 'linux' ? undefined : 'needs the right to mount a file system';

const mount = (options: string, place: string): void => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]);
};

/** Runs something with a small file system of its own. */
async function mounted<T>(size: string, use: (place: string) => Promise<T>): Promise<T> {
  const place = folder();
  mount(`size=${size}`, place);
  try {
    return await use(place);
  } finally {
    execFileSync('umount', ['-l', place]);
    rmSync(place, { recursive: true });
  }
}

/** What stands in the way of writing. */
export const ofDisks: readonly Fault[] = [
  {
    name: 'a full disk',
    absent: needsRoot,
    befall: async (references, random) => {
      const size = `${100 + random.below(700)}k`;
      return mounted(size, async (place) => {
        const run = join(place, 'run');
        const ended = await command(smallRun(references.data, run));
        return judged(`a disk of ${size}`, ended, [0, 7], () => {
          mount('remount,size=32m', place);
          return endsEqual(references, run);
        });
      });
    },
  },
  {
    name: 'a limit on the size of files',
    absent: () => (process.platform === 'win32' ? 'needs ulimit' : undefined),
    befall: async (references, random) => {
      const blocks = 1 + random.below(60);
      const run = newRun();
      const args = smallRun(references.data, run);
      const ended = await command(args, undefined, limited(`-f ${blocks}`));
      const done = await judged(`ulimit -f ${blocks}`, ended, [0, 7], () =>
        endsEqual(references, run),
      );
      if (done.failure === undefined) removeAround(run);
      return done;
    },
  },
  {
    name: 'a file system that cannot be written to',
    absent: needsRoot,
    befall: async (references, random) => {
      const stopped = await stoppedRun(references);
      const name = ['resume', 'evaluate', 'report', 'checkpoints'][random.below(4)] ?? 'resume';
      return mounted('32m', async (place) => {
        const run = join(place, 'run');
        cpSync(stopped, run, { recursive: true });
        mount('remount,ro', place);
        const ended = await command([name, run]);
        // What only reads may go on.
        const allowed = name === 'resume' || name === 'report' ? [7] : [0, 7];
        return judged(`${name} on a read-only file system`, ended, allowed, () => {
          mount('remount,rw', place);
          removeAround(stopped);
          return endsEqual(references, run);
        });
      });
    },
  },
];
