import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { fileSystemRefused } from '../../core/errors/run.js';
import { isRunning, startOf } from '../../core/run/process.js';
import type { Ending, Launcher, LaunchedJob } from '../../core/plugins/launcher.js';

const handleSchema = z.object({
  pid: z.int().positive(),
  /** The process's start as the kernel counts it; null where the platform does not tell. */
  start: z.string().nullable(),
  host: z.string(),
});

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * Child processes of this machine. They outlive the sweep: output goes to a file, and they are in
 * a process group of their own, so that Ctrl-C reaches the sweep alone, which passes it on once.
 */
export const localLauncher: Launcher = {
  name: 'local',

  async launch({ command: [program, ...args], cwd, log, device }): Promise<LaunchedJob> {
    let output: number;
    try {
      output = openSync(log, 'a');
    } catch (error) {
      throw fileSystemRefused('write', log, error);
    }
    const child = spawn(program, args, {
      cwd,
      detached: true,
      stdio: ['ignore', output, output],
      env: {
        ...process.env,
        NO_COLOR: '1',
        ...(device === null ? {} : { CUDA_VISIBLE_DEVICES: device }),
      },
    });
    closeSync(output);
    const ended = new Promise<Ending>((done) => {
      child.on('exit', (exit, signal) => done({ exit, signal }));
      child.on('error', () => done({ exit: null, signal: null }));
    });
    const { pid } = child;
    const start = pid === undefined ? null : ((await startOf(pid)) ?? null);
    return {
      handle: pid === undefined ? null : { pid, start, host: hostname() },
      ended,
      stop: () => {
        if (pid !== undefined && child.exitCode === null) signalTo(pid, 'SIGTERM');
      },
    };
  },

  async adopt(handle): Promise<LaunchedJob | undefined> {
    const parsed = handleSchema.safeParse(handle);
    if (!parsed.success || parsed.data.host !== hostname()) return undefined;
    const { pid, start } = parsed.data;
    // Without a start time, a pid may by now be anybody's: its lock will tell.
    if (start === null || !(await isRunning(pid, start))) return undefined;
    const over = async (): Promise<Ending> => {
      while (await isRunning(pid, start)) await sleep(500);
      return { exit: null, signal: null };
    };
    return { handle, ended: over(), stop: () => signalTo(pid, 'SIGTERM') };
  },
};
