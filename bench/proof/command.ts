import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { writeTinyIdx } from '../tiny-idx.js';

export const main = resolve(import.meta.dirname, '../../cli/main.js');

/** A folder that other users may look into. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ncn-proof-'));
  chmodSync(path, 0o755);
  return path;
}

/** What campaigns remember of plugins is not the user's. */
const home = folder();

/** A folder with small IDX files of random blobs. */
export function smallData(): string {
  const dir = folder();
  writeTinyIdx(dir, 60, 20);
  return dir;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly text: string;
}

/** How a command is started, where that matters. */
export interface Surroundings {
  /** What starts it: `['setpriv', …]`. */
  readonly through?: readonly string[];
  /** Another Node than that of this process. */
  readonly program?: string;
  /** Options of Node. */
  readonly node?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Sends a signal; false where the process is gone. */
export type Kill = (signal: NodeJS.Signals) => boolean;

/** A command, with what may happen to it while it runs. */
export function command(
  args: readonly string[],
  during: (kill: Kill, ended: Promise<Ended>) => void = () => undefined,
  {
    through = [],
    program = process.execPath,
    node = [],
    env: more = {},
    cwd = folder(),
  }: Surroundings = {},
): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: '1', NCN_OFFLINE: '1', XDG_CONFIG_HOME: home, ...more };
  const [file = '', ...rest] = [...through, program, ...node, main, ...args];
  const child = spawn(file, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  }
  const ended = new Promise<Ended>((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => {
      done({ code, signal, text });
    });
  });
  during((signal) => child.kill(signal), ended);
  return ended;
}

/** SHA-256 of what a run must end with, whenever it was stopped: its log, and its state. */
export function outcomeOf(run: string): string {
  const hash = createHash('sha256').update(readFileSync(join(run, 'metrics.jsonl')));
  const last = readdirSync(join(run, 'checkpoints')).sort().at(-1) ?? '';
  hash.update(last).update(readFileSync(join(run, 'checkpoints', last, 'state.safetensors')));
  const { results } = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as {
    results: unknown;
  };
  return hash.update(JSON.stringify(results)).digest('hex');
}

/** SHA-256 of the pictures and sounds of a run's examples. */
export function samplesOf(run: string): string {
  const hash = createHash('sha256');
  const place = join(run, 'samples');
  const files = readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(relative(place, file)).update(readFileSync(file));
  return hash.digest('hex');
}
