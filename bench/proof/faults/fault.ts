import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RandomSequence } from '../../../core/random/streams.js';
import type { Attempt } from '../attempts.js';
import { command, folder, outcomeOf, type Ended, type Surroundings } from '../command.js';
import { ordinary, smallRun, type Kind, type References } from '../small-runs.js';

/** Something that goes wrong around a run, or below it. */
export interface Fault {
  readonly name: string;
  /** Why it cannot be had here; undefined where it can. */
  readonly absent?: () => string | undefined;
  /** Makes it happen once. */
  readonly befall: (references: References, random: RandomSequence) => Promise<Attempt>;
}

/** Whether the process may do what only root can. */
export const isRoot = process.getuid?.() === 0;

/** Starts a command as a user who owns nothing here, where root could do anything. */
export const asUser: Surroundings = {
  through: isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [],
  env: { HOME: '/nonexistent' },
};

/** A command below limits of the shell: `-n 64`. */
export const limited = (limit: string): Surroundings => ({
  through: ['bash', '-c', `ulimit ${limit} && exec "$@"`, 'bash'],
});

/** A place for a run that is not there yet. */
export const newRun = (): string => join(folder(), 'run');

/**
 * What is wrong with how a command ended: the code must be one of these, and whatever failed is told in
 * one message for people.
 */
export function badEnd(ended: Ended, allowed: readonly number[]): string | undefined {
  const { code, signal, text } = ended;
  const said = (what: string): string => `${what}:\n${text.slice(-2000)}`;
  if (code === null) return said(`it was ended by ${String(signal)}`);
  if (!allowed.includes(code)) return said(`it ended with ${code}, not ${allowed.join(' or ')}`);
  if (/^\s+at .*:\d+:\d+/m.test(text)) return said('it printed a trace');
  const messages = text.match(/^error: /gm)?.length ?? 0;
  const failed = code !== 0 && code !== 130 && code !== 143;
  return messages === (failed ? 1 : 0) ? undefined : said(`${messages} messages with code ${code}`);
}

/** Goes on with a run, or begins it where it did not, and compares what it ends with. */
export async function endsEqual(
  references: References,
  run: string,
  kind: Kind = ordinary,
  surroundings: Surroundings = {},
): Promise<string | undefined> {
  const begun = existsSync(join(run, 'manifest.json'));
  const args = begun ? ['resume', run] : smallRun(references.data, run, kind);
  const ended = await command(args, undefined, surroundings);
  const bad = badEnd(ended, [0]);
  if (bad !== undefined) return `afterwards, ${bad}`;
  const { outcome } = await references.of(kind, surroundings);
  return outcomeOf(run) === outcome ? undefined : `other bytes in ${run}`;
}

/** One try: how the command ended that the fault befell, and what became of the run. */
export async function judged(
  what: string,
  ended: Ended,
  allowed: readonly number[],
  afterwards: () => Promise<string | undefined> = () => Promise.resolve(undefined),
): Promise<Attempt> {
  const failure = badEnd(ended, allowed) ?? (await afterwards());
  if (failure !== undefined) return { what, outcome: 'failed', failure };
  return { what, outcome: ended.code === 0 ? 'unharmed' : `exit ${String(ended.code)}` };
}

/** Waits until something is there. @returns false where the process ended before */
async function appears(path: string, ended: Promise<Ended>): Promise<boolean> {
  const state = { over: false };
  void ended.then(() => (state.over = true));
  while (!state.over && !existsSync(path)) await delay(5);
  return !state.over;
}

/** A run that nothing is wrong with until the fault comes at a random moment. */
export async function runUntil(
  references: References,
  random: RandomSequence,
  happen: (run: string) => void,
  { surroundings = {}, run = newRun() }: { surroundings?: Surroundings; run?: string } = {},
): Promise<{ readonly run: string; readonly ended: Ended; readonly happened: boolean }> {
  const after = (0.2 + 0.8 * random.uniform()) * (await references.of()).milliseconds;
  const state = { happened: false, over: false };
  const during = async (end: Promise<Ended>): Promise<void> => {
    await delay(after);
    // Before there is a run, nothing can happen to it; nor when it has ended before its time.
    if (!(await appears(join(run, 'metrics.jsonl'), end)) || state.over) return;
    state.happened = true;
    happen(run);
  };
  const ended = await command(
    smallRun(references.data, run),
    (_, end) => void during(end),
    surroundings,
  );
  state.over = true;
  return { run, ended, happened: state.happened };
}

/**
 * Stopped in the middle, as by Ctrl-C.
 * @param later how long after the first checkpoint; 1 is as long as the whole run takes
 */
export async function stoppedRun(
  references: References,
  run = newRun(),
  { kind = ordinary, later = 0.05 }: { kind?: Kind; later?: number } = {},
): Promise<string> {
  const { milliseconds } = await references.of(kind);
  for (let tries = 0; tries < 20; tries++) {
    const ended = await command(smallRun(references.data, run, kind), (kill, end) => {
      void appears(join(run, 'checkpoints'), end).then(async (there) => {
        if (!there) return;
        await delay(milliseconds * later * 0.8 ** tries);
        kill('SIGINT');
      });
    });
    if (ended.code === 130) return run;
    rmSync(run, { recursive: true, force: true });
  }
  throw new Error('no run could be stopped in its middle');
}

export const removeAround = (run: string): void =>
  rmSync(dirname(run), { recursive: true, force: true });
