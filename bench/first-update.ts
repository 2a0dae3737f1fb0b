import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Milliseconds from starting the command to the end of the first update of a documented run.
 * @throws Error when the run ends before it
 */
export async function firstUpdateMs(
  preset: string,
  batch: number,
  engine: string,
  rounds: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) times.push(await once(preset, batch, engine));
  return times;
}

async function once(preset: string, batch: number, engine: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-first-'));
  const main = resolve(import.meta.dirname, '../cli/main.js');
  const run = join(folder, 'run');
  const options = ['--batch', String(batch), '--engine', engine, '--run-dir', run];
  const sets = ['--set', 'progress.lines=0.001'];
  const start = performance.now();
  const child = spawn(process.execPath, [main, '--preset', preset, ...options, ...sets, '--json']);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes('"type":"progress"')) return performance.now() - start;
    }
    throw new Error('it ended before its first update');
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}
