import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { command, folder, type Ended } from './command.js';
import { stoppedRun } from './faults/fault.js';
import { smallRun, type Kind, type References } from './small-runs.js';

/** How a run came to be unfinished. */
export const ends = ['interrupted', 'killed', 'failed'] as const;
export type End = (typeof ends)[number];

const preload = pathToFileURL(resolve(import.meta.dirname, 'preload/engine.js')).href;

/** From which try on a kind of run fails in its middle. */
const knownTries = new Map<string, number>();

const hasCheckpoint = (run: string): boolean =>
  existsSync(join(run, 'checkpoints')) &&
  readdirSync(join(run, 'checkpoints')).some((name) => name.startsWith('update-'));

/** Ends a run some time after its first checkpoint, however fast the machine is at the moment. */
async function endLater(
  run: string,
  milliseconds: number,
  end: () => unknown,
  ended: Promise<Ended>,
): Promise<void> {
  const over = ended.then(() => true);
  while (!hasCheckpoint(run)) if (await Promise.race([over, delay(5, false)])) return;
  await delay(milliseconds);
  end();
}

/** A run that ended like this in its middle, after a checkpoint; later in it with a larger number. */
export async function unfinishedRun(
  references: References,
  kind: Kind,
  end: End,
  number: number,
): Promise<string> {
  const later = 0.05 + 0.1 * number;
  if (end === 'interrupted') return stoppedRun(references, undefined, { kind, later });
  const { milliseconds } = await references.of(kind);
  const key = `${kind.family} ${kind.engine}`;
  const known = end === 'failed' ? (knownTries.get(key) ?? 0) : 0;
  for (let tries = known; tries < 30; tries++) {
    const run = join(folder(), 'run');
    const args = smallRun(references.data, run, kind);
    if (end === 'killed') {
      // Sooner with each try that came too late.
      const after = milliseconds * later * 0.7 ** tries;
      await command(args, (kill, ended) => void endLater(run, after, () => kill('SIGKILL'), ended));
    } else {
      // Somewhere in the second half of its operations; how many there are, nobody knows before.
      const at = kind.engine === 'compiled' ? 30 - tries : 4000 - tries * 180;
      const env = { NCN_PROOF_FAIL: `${kind.engine} ${at}` };
      await command(args, undefined, { node: ['--import', preload], env });
    }
    if (hasCheckpoint(run) && stateOf(run) !== 'finished') {
      if (end === 'failed') knownTries.set(key, tries);
      return run;
    }
    rmSync(run, { recursive: true, force: true });
  }
  throw new Error(`no run was ${end} in its middle`);
}

function stateOf(run: string): unknown {
  const status: unknown = JSON.parse(readFileSync(join(run, 'status.json'), 'utf8'));
  return status instanceof Object ? Reflect.get(status, 'state') : undefined;
}

const job = '0001-gans';

/** A job of a cluster: the same run as the reference, as `ncn sweep work` makes it. */
export function workOf(references: References, sweep: string, token: string): string[] {
  const [, ...options] = smallRun(references.data, 'nowhere');
  const set = new Map<string, unknown>();
  let preset = '';
  const names: Record<string, string> = {
    ...{ '--dataset': 'dataset', '--batch': 'batch', '--engine': 'engine' },
    ...{ '--threads': 'threads', '--updates': 'updates' },
    ...{ '--eval-every': 'evaluation.every', '--checkpoint-every': 'checkpoints.every' },
  };
  for (let i = 0; i < options.length; i += 2) {
    const [option = '', value = ''] = options.slice(i, i + 2);
    const equals = value.indexOf('=');
    if (option === '--preset') preset = value;
    else if (option === '--set')
      set.set(value.slice(0, equals), JSON.parse(value.slice(equals + 1)));
    else {
      const path = names[option];
      const number = Number(value);
      if (path !== undefined) set.set(path, Number.isNaN(number) ? value : number);
    }
  }
  const about = { profile: null, variant: null, plugins: [], without: [] };
  const request = JSON.stringify({ preset, seed: 1, ...about, set: [...set] });
  return ['sweep', 'work', sweep, '--job', job, '--token', token, '--request', request];
}

const first = 'ncn-0000000000000001';

function newSweep(): string {
  const sweep = join(folder(), 'sweep');
  for (const part of ['attempts', 'logs']) mkdirSync(join(sweep, part), { recursive: true });
  return sweep;
}

/** Such a job when nothing befalls it. @returns its sweep */
export async function doneJob(references: References): Promise<string> {
  const sweep = newSweep();
  const { code } = await command(workOf(references, sweep, first));
  if (code !== 0) throw new Error(`the job that nothing befalls ended with ${String(code)}`);
  return sweep;
}

/** What a job said; its process says it to a file. */
export const saidIn = (sweep: string): string =>
  readdirSync(join(sweep, 'logs'))
    .map((file) => readFileSync(join(sweep, 'logs', file), 'utf8'))
    .join('\n');

/** Where the job's run is when it is done. */
export const publishedIn = (sweep: string): string => join(sweep, job);

/** A sweep whose job saved its state and is to be started again. */
export async function yieldedJob(references: References): Promise<string> {
  const { milliseconds } = await references.of();
  for (let tries = 0; tries < 20; tries++) {
    const sweep = newSweep();
    const args = workOf(references, sweep, first);
    const run = join(sweep, 'attempts', `${job}.1`);
    const after = milliseconds * 0.2 * 0.7 ** tries;
    const { code } = await command(
      args,
      (kill, ended) => void endLater(run, after, () => kill('SIGTERM'), ended),
    );
    if (code === 75 && hasCheckpoint(run)) return sweep;
  }
  throw new Error('no job yielded in its middle');
}
