import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { NcnError } from '../../../core/errors/error.js';

/** A folder that is gone after the tests of the file. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ncn-run-'));
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The NcnError that `action` throws; anything else fails the test. */
export async function refusal(action: () => unknown): Promise<NcnError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof NcnError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

export interface Child {
  readonly process: ChildProcess;
  /** What it printed so far. */
  readonly lines: string[];
  /** Resolves with the first line, past or future, that begins so. */
  line(start: string): Promise<string>;
  readonly exited: Promise<unknown>;
}

/** Runs a script of the folder `children` from its TypeScript source. */
export function startChild(script: string, ...args: string[]): Child {
  const path = fileURLToPath(new URL(`children/${script}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'jiti/register', path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const check of waiting) check();
  };
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    wake();
  });
  return {
    process: child,
    lines,
    exited: once(child, 'exit'),
    line: (start) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = lines.find((line) => line.startsWith(start));
          if (found !== undefined) resolve(found);
        };
        child.on('close', () => reject(new Error(`${script} ended: ${lines.join(' | ')}`)));
        waiting.push(check);
        check();
      }),
  };
}

/** A seeded generator of numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
