import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeTinyIdx } from '../../bench/tiny-idx.js';
import { readTensorBoard } from '../../lab/tensorboard/writer.js';

const root = resolve(import.meta.dirname, '../..');
export const main = join(root, 'dist/cli/main.js');
if (!existsSync(main))
  throw new Error("These tests run the built command line: 'npm run build' first.");

export const temporary = (): string => mkdtempSync(join(tmpdir(), 'ncn-e2e-'));

/** A folder with small IDX files: random blobs, enough to train on. */
export function tinyIdx(train = 60, test = 20): string {
  const dir = temporary();
  writeTinyIdx(dir, train, test);
  return dir;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly finished: Promise<Finished>;
  /** Resolves when the output contains the text, or the process ends. */
  readonly said: (text: string) => Promise<void>;
}

/** How a process is started. */
export interface Manner {
  readonly uid?: number;
  readonly gid?: number;
  /** What starts it: `['nohup']`. */
  readonly through?: readonly string[];
}

/** Starts the real command line as a process of its own. */
export function start(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
  cwd = temporary(),
  { through = [], ...as }: Manner = {},
): Running {
  const env = { ...process.env, NO_COLOR: '1', NCN_OFFLINE: '1', ...more };
  const [file = '', ...rest] = [...through, process.execPath, main, ...args];
  const child = spawn(file, rest, { cwd, env, ...as });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const heard = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    heard();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    heard();
  });
  const finished = new Promise<Finished>((done) => {
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }));
  });
  const said = async (text: string): Promise<void> => {
    const seen = new Promise<void>((done) => {
      const check = (): void => {
        if ((stdout + stderr).includes(text)) done();
      };
      listeners.add(check);
      check();
    });
    await Promise.race([seen, finished]);
  };
  return { kill: (signal) => child.kill(signal), finished, said };
}

export const ncn = (args: readonly string[], cwd?: string): Promise<Finished> =>
  start(args, {}, cwd).finished;

/** A GAN with pre-training, as small as can be: two phases of 8 updates. */
export const tinyRun = (data: string, runDir: string, ...more: string[]): string[] => [
  'run',
  '--preset',
  'dcgans_v7',
  '--run-dir',
  runDir,
  '--dataset',
  `idx:${data}`,
  '--engine',
  'wasm',
  '--updates',
  '8',
  '--batch',
  '2',
  '--eval-every',
  '3',
  '--checkpoint-every',
  '2',
  ...[
    'pretraining.updates=8',
    'generator.resconvnet.width=2',
    'generator.resconvnet.depth=1',
    'discriminator.vanilla.width=0.0157',
    'evaluation.examples=4',
    'evaluation.testExamples=8',
    'evaluation.testBatch=2',
    'metrics.every=2',
    'tensorboard.every=2',
    'tensorboard.denseImages=2',
  ].flatMap((value) => ['--set', value]),
  ...more,
];

/** The events of a run, and the size of the file, without times and speeds. */
function timelessEvents(run: string): unknown[] {
  const bytes = readFileSync(join(run, 'events.out.tfevents.ncn'));
  const events = [...readTensorBoard(bytes)].map(({ step, summary, fileVersion }) => ({
    step,
    fileVersion,
    values: summary?.value.map((value) => {
      const timed = value.tag.startsWith('speed/') || value.tag.startsWith('_hparams_/');
      return timed ? value.tag : value;
    }),
  }));
  return [bytes.length, ...events];
}

/** SHA-256 of everything that must not depend on when a run was stopped, by file. */
export function fingerprint(run: string): Record<string, string> {
  const hash = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const files: Record<string, string> = {};
  for (const image of readdirSync(join(run, 'images')).sort()) {
    files[image] = hash(readFileSync(join(run, 'images', image)));
  }
  const samples = join(run, 'samples', 'fixed');
  for (const image of readdirSync(samples).sort()) {
    files[`samples/${image}`] = hash(readFileSync(join(samples, image)));
  }
  const testExamples = 'test-examples.safetensors';
  files[testExamples] = hash(readFileSync(join(run, testExamples)));
  files['losses.png'] = hash(readFileSync(join(run, 'losses.png')));
  files['metrics.jsonl'] = hash(readFileSync(join(run, 'metrics.jsonl')));
  files['tensorboard'] = hash(JSON.stringify(timelessEvents(run)));
  const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as {
    results: unknown;
  };
  files['summary'] = hash(JSON.stringify(summary.results));
  const last = readdirSync(join(run, 'checkpoints')).sort().at(-1) ?? '';
  const checkpoint = JSON.parse(
    readFileSync(join(run, 'checkpoints', last, 'checkpoint.json'), 'utf8'),
  ) as { contentHash: string };
  files['state'] = `${last} ${checkpoint.contentHash}`;
  return files;
}

/** Every line of standard output, which must be JSON. */
export const jsonLines = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** SHA-256 of every file in a folder, by path. */
export function contents(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path] = createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return files;
}
