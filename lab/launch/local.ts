import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { fileSystemRefused } from '../../core/errors/run.js';
import { isRunning, startOf } from '../../core/run/process.js';
import type { JsonValue } from '../../core/run/json.js';
import type { Ending, Launcher, LaunchRequest, Sighting } from '../../core/plugins/launcher.js';
import { jobNotStarted } from '../errors/launch.js';

const handleSchema = z.object({
  pid: z.int().positive(),
  /** The process's start as the kernel counts it; null where the platform does not tell. */
  start: z.string().nullable(),
  host: z.string(),
});

/** Tells a process which job of which submission it is. */
const marker = 'NCN_SUBMISSION';
const absent: Sighting = { kind: 'absent' };

/** How the children of this process ended, by pid and start. */
const children = new Map<string, { ending: Ending | null }>();

/**
 * Child processes of this machine. They outlive the sweep: output goes to a file, and they are in
 * a process group of their own, so that Ctrl-C reaches the sweep alone, which passes it on once.
 */
export const localLauncher: Launcher = {
  name: 'local',
  queues: false,
  pollEvery: 50,
  grace: 0,
  most: Number.MAX_SAFE_INTEGER,

  async submit({ token, jobs }) {
    const handles: JsonValue[] = [];
    for (const [index, job] of jobs.entries()) {
      handles.push(await startProcess(job, `${token}/${index}`));
    }
    return handles;
  },

  /** By the environment of the processes, which Linux shows. */
  async find(token, jobs) {
    const found: (JsonValue | null)[] = Array.from({ length: jobs }, () => null);
    let names: string[];
    try {
      names = await readdir('/proc');
    } catch {
      return undefined;
    }
    for (const name of names) {
      if (!/^\d+$/.test(name)) continue;
      const pid = Number(name);
      const index = await indexOf(pid, token);
      const start = index === undefined ? undefined : await startOf(pid);
      // What a job starts itself inherits the marker; the job was there before.
      if (index === undefined || start === undefined || index >= jobs) continue;
      const known = handleSchema.safeParse(found[index]);
      const first = known.success ? Number(known.data.start) : Infinity;
      if (Number(start) < first) found[index] = { pid, start, host: hostname() };
    }
    return found;
  },

  poll: (handles) => Promise.all(handles.map(look)),

  async stop(handles) {
    for (const handle of handles) {
      const parsed = handleSchema.safeParse(handle);
      if (parsed.success && (await look(handle)).kind === 'running') {
        try {
          process.kill(parsed.data.pid, 'SIGTERM');
        } catch {
          // It has ended meanwhile.
        }
      }
    }
  },
};

async function startProcess(request: LaunchRequest, mark: string): Promise<JsonValue> {
  const child = spawnJob(request, mark);
  const known: { ending: Ending | null } = { ending: null };
  child.on('exit', (exit, signal) => (known.ending ??= { exit, signal }));
  const { pid } = child;
  if (pid === undefined) {
    const emitted: readonly unknown[] = await once(child, 'error');
    throw jobNotStarted(request.name, emitted[0]);
  }
  // From now on: that it could not be sent a signal.
  child.on('error', () => undefined);
  const start = (await startOf(pid)) ?? null;
  children.set(keyOf(pid, start), known);
  return { pid, start, host: hostname() };
}

function spawnJob(
  { name, command: [program, ...args], cwd, log, device }: LaunchRequest,
  mark: string,
): ChildProcess {
  let output: number;
  try {
    output = openSync(log, 'a');
  } catch (error) {
    throw fileSystemRefused('write', log, error);
  }
  try {
    return spawn(program, args, {
      cwd,
      detached: true,
      stdio: ['ignore', output, output],
      env: {
        ...process.env,
        NO_COLOR: '1',
        [marker]: mark,
        ...(device === null ? {} : { CUDA_VISIBLE_DEVICES: device }),
      },
    });
  } catch (error) {
    throw jobNotStarted(name, error);
  } finally {
    closeSync(output);
  }
}

const keyOf = (pid: number, start: string | null): string => `${pid} ${start ?? ''}`;

async function look(handle: JsonValue): Promise<Sighting> {
  const parsed = handleSchema.safeParse(handle);
  if (!parsed.success || parsed.data.host !== hostname()) return absent;
  const { pid, start, host } = parsed.data;
  const running: Sighting = { kind: 'running', where: host };
  const child = children.get(keyOf(pid, start));
  if (child !== undefined) {
    return child.ending === null ? running : { kind: 'ended', ending: child.ending, why: null };
  }
  // Without a start time, a pid may by now be anybody's: its lock will tell.
  return start !== null && (await isRunning(pid, start)) ? running : absent;
}

/** Which job of a submission a process is. */
async function indexOf(pid: number, token: string): Promise<number | undefined> {
  let environment: string;
  try {
    environment = await readFile(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return undefined; // it is another user's, or over
  }
  const mark = environment.split('\0').find((entry) => entry.startsWith(`${marker}=${token}/`));
  return mark === undefined ? undefined : Number(mark.slice(mark.lastIndexOf('/') + 1));
}
