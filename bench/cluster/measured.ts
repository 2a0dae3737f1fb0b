import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const main = resolve(import.meta.dirname, '../../cli/main.js');

/** What a command took. */
export interface Measured {
  readonly seconds: number;
  /** Seconds of processors, which a busy machine does not change much; null as below. */
  readonly cpu: number | null;
  /** Most memory that it ever held, in MiB; null where the system does not tell. */
  readonly memory: number | null;
  readonly code: number | null;
  readonly stdout: string;
  readonly pid: number | undefined;
}

/** Runs the command line as a process of its own. */
export function measured(args: readonly string[], cwd: string): Promise<Measured> {
  const began = performance.now();
  const env = { ...process.env, NO_COLOR: '1', NCN_OFFLINE: '1' };
  const child = spawn(process.execPath, [main, ...args], { cwd, env });
  let memory: number | null = null;
  let cpu: number | null = null;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
      const [, peak] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
      if (peak !== undefined) memory = Math.round(Number(peak) / 1024);
      const stat = readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8');
      // proc(5): utime and stime in ticks of 10 ms are the fields 14 and 15.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      cpu = (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      // It is over, or this is no Linux.
    }
  }, 20);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      clearInterval(look);
      const seconds = (performance.now() - began) / 1000;
      if (code !== 0 && code !== 8) {
        fail(new Error(`ncn ${args.slice(0, 2).join(' ')} exited with ${String(code)}: ${stderr}`));
      } else done({ seconds, cpu, memory, code, stdout, pid: child.pid });
    });
  });
}

/** Files in a folder and below, and their bytes. */
export async function filesIn(folder: string): Promise<{ files: number; bytes: number }> {
  const total = { files: 0, bytes: 0 };
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    total.files += 1;
    total.bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return total;
}
