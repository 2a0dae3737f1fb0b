import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command, folder } from '../command.js';
import { smallRun } from '../small-runs.js';
import { asUser, endsEqual, judged, runUntil, stoppedRun, type Fault } from './fault.js';

const absent = (): string | undefined =>
  process.platform === 'linux' ? undefined : 'needs setpriv and the permissions of Linux';

/** A folder that everybody may write to. */
function open(): string {
  const path = folder();
  chmodSync(path, 0o777);
  return path;
}

/** Sets permissions of a folder and all in it. */
function chmodAll(path: string, folders: number, files: number): void {
  chmodSync(path, 0o777);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) chmodAll(inner, folders, files);
    else chmodSync(inner, files);
  }
  chmodSync(path, folders);
}

/** What a user is not allowed to do. */
export const ofPermissions: readonly Fault[] = [
  {
    name: 'a folder of somebody else',
    absent,
    befall: async (references) => {
      const place = folder();
      chmodSync(place, 0o555);
      const run = join(place, 'run');
      const ended = await command(smallRun(references.data, run), undefined, asUser);
      return judged('a run in a folder of somebody else', ended, [7], () => {
        if (existsSync(run)) return Promise.resolve(`${run} is there`);
        chmodSync(place, 0o777);
        return endsEqual(references, run, undefined, asUser);
      });
    },
  },
  {
    name: 'permissions that go during a run',
    absent,
    befall: async (references, random) => {
      const part = ['', 'checkpoints', 'images'][random.below(3)] ?? '';
      const { run, ended } = await runUntil(
        references,
        random,
        (directory) => {
          const place = join(directory, part);
          if (existsSync(place)) chmodSync(place, 0o555);
        },
        { surroundings: asUser, run: join(open(), 'run') },
      );
      return judged(`./${part} read-only during a run`, ended, [0, 7], () => {
        chmodAll(run, 0o777, 0o666);
        return endsEqual(references, run, undefined, asUser);
      });
    },
  },
  {
    name: 'a run of somebody else',
    absent,
    befall: async (references, random) => {
      const stopped = await stoppedRun(references);
      const readable = random.below(2) === 0;
      chmodAll(stopped, readable ? 0o555 : 0o500, readable ? 0o444 : 0o400);
      if (!readable && asUser.through?.length === 0) chmodAll(stopped, 0o000, 0o000);
      const name = ['resume', 'evaluate', 'report', 'checkpoints'][random.below(4)] ?? 'resume';
      const ended = await command([name, stopped], undefined, asUser);
      const reads = readable && (name === 'evaluate' || name === 'checkpoints');
      const what = `${name} of a run that ${readable ? 'can be read only' : 'cannot be read'}`;
      return judged(what, ended, reads ? [0, 7] : [7], () => {
        chmodAll(stopped, 0o777, 0o666);
        return endsEqual(references, stopped);
      });
    },
  },
  {
    name: 'data that cannot be read',
    absent,
    befall: async (references) => {
      const data = folder();
      cpSync(references.data, data, { recursive: true });
      chmodAll(data, 0o555, 0o000);
      const run = join(open(), 'run');
      const ended = await command(smallRun(data, run), undefined, asUser);
      return judged('pictures that cannot be read', ended, [3], () => {
        rmSync(data, { recursive: true });
        return endsEqual(references, run, undefined, asUser);
      });
    },
  },
  {
    name: 'a home that cannot be written to',
    absent,
    befall: async (references) => {
      const home = folder();
      const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_CACHE_HOME: home };
      chmodSync(home, 0o555);
      const run = join(open(), 'run');
      const args = smallRun(references.data, run);
      const ended = await command(args, undefined, { ...asUser, env });
      return judged('a read-only home', ended, [0], () => endsEqual(references, run));
    },
  },
];
