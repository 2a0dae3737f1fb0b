import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeTinyIdx } from '../tiny-idx.js';

export const main = resolve(import.meta.dirname, '../../cli/main.js');

export const folder = (): string => mkdtempSync(join(tmpdir(), 'ncn-proof-'));

/** A folder with small IDX files of random blobs. */
export function smallData(): string {
  const dir = folder();
  writeTinyIdx(dir, 60, 20);
  return dir;
}

/** A run with two phases, evaluations and checkpoints, of a second or two. */
export const smallRun = (data: string, run: string): string[] => [
  ...['run', '--preset', 'dcgans_v7', '--run-dir', run, '--dataset', `idx:${data}`],
  ...['--engine', 'wasm', '--threads', '1', '--updates', '8', '--batch', '2'],
  ...['--eval-every', '3', '--checkpoint-every', '2'],
  ...[
    ...['pretraining.updates=8', 'generator.resconvnet.width=2', 'generator.resconvnet.depth=1'],
    ...['discriminator.vanilla.width=0.0157', 'evaluation.examples=4', 'metrics.every=2'],
    ...['evaluation.testExamples=8', 'evaluation.testBatch=2', 'tensorboard.every=2'],
  ].flatMap((value) => ['--set', value]),
];

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly text: string;
}

/** A command, with what may happen to it while it runs. */
export function command(
  args: readonly string[],
  during: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: '1', NCN_OFFLINE: '1' };
  const child = spawn(process.execPath, [main, ...args], { cwd: folder(), env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  }
  during((signal) => child.kill(signal));
  return new Promise((done) =>
    child.on('close', (code, signal) => {
      done({ code, signal, text });
    }),
  );
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
