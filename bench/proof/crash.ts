/**
 * Kills runs and sweeps at random moments, of training and of resuming, and compares what they end with
 * with what nobody killed: `npm run proof:crash -- --seed 1 --count 1000 --seconds 36000 [--only
 * 'speech']`.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomSequence } from '../../core/random/streams.js';
import { attempts, type Attempt, type Target } from './attempts.js';
import { command, folder, outcomeOf, type Ended } from './command.js';
import { References, smallRun, type Kind } from './small-runs.js';
import { SmallSweeps } from './small-sweeps.js';
import { noTerminal, onTerminal } from './terminal.js';

const terminal = noTerminal() === undefined;
const deaths = [
  ...['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGINT twice', 'SIGHUP'],
  ...(terminal ? ['its terminal'] : []),
] as const;

const references = new References();
const sweeps = new SmallSweeps(references.data);

/** How often something was killed. */
let kills = 0;

/** What is killed: the command that begins it, and the one that goes on with it. */
interface Victim {
  readonly path: string;
  readonly milliseconds: number;
  readonly begin: readonly string[];
  readonly goOn: readonly string[];
  /** Whether there is something to go on with. */
  readonly begun: () => boolean;
  readonly equal: () => boolean;
}

/** Runs a command that dies of something at a random moment. */
async function die(
  args: readonly string[],
  milliseconds: number,
  random: RandomSequence,
): Promise<Ended & { readonly how: string }> {
  const death = deaths[random.below(deaths.length)] ?? 'SIGKILL';
  const after = random.uniform() * 1.1 * milliseconds;
  const how = `${death} after ${Math.round(after)} ms`;
  kills++;
  if (death === 'its terminal')
    return { how, ...(await command(args, undefined, onTerminal(after))) };
  const ended = await command(args, (send) => {
    const name = (death === 'SIGINT twice' ? 'SIGINT' : death) as NodeJS.Signals;
    setTimeout(() => send(name), after);
    if (death === 'SIGINT twice') setTimeout(() => send(name), after + 350);
  });
  return { how, ...ended };
}

/** What a process that was stopped may end as. One that died of itself, by SIGSEGV, is none of them. */
const stopped = ({ code, signal }: Ended): boolean =>
  code === null
    ? ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'].includes(signal ?? '')
    : [0, 130, 143].includes(code);

async function killed(victim: Victim, random: RandomSequence): Promise<Attempt> {
  const story: string[] = [];
  const { path, milliseconds, begin, goOn } = victim;
  const failed = (failure: string): Attempt => ({
    ...{ what: story.join(', '), outcome: 'failed' },
    failure: `${path}: ${failure.slice(-3000)}`,
  });
  for (let kill = 0; ; kill++) {
    const begun = victim.begun();
    const args = begun ? goOn : begin;
    if (kill > 0 && begun && random.uniform() < 0.4) {
      const { code, text } = await command(args);
      if (code !== 0) return failed(`it ended with ${String(code)}: ${text}`);
      return victim.equal() ? { what: story.join(', '), outcome: 'equal' } : failed('other bytes');
    }
    const { how, ...ended } = await die(args, milliseconds, random);
    story.push(`${how}: ${String(ended.code)}`);
    // Killed before it handles signals, a process ends by the signal; afterwards by its code.
    if (!stopped(ended)) return failed(`${String(ended.code ?? ended.signal)}: ${ended.text}`);
    if (ended.code === 0 && kill > 0 && victim.begun()) {
      return victim.equal() ? { what: story.join(', '), outcome: 'equal' } : failed('other bytes');
    }
  }
}

const ofRun = (kind: Kind): Target => ({
  name: `a run of ${kind.family} on ${kind.engine}`,
  attempt: async (random) => {
    const { outcome, milliseconds } = await references.of(kind);
    const path = join(folder(), 'run');
    const done = await killed(
      {
        ...{ path, milliseconds, begin: smallRun(references.data, path, kind) },
        goOn: ['resume', path],
        begun: () => existsSync(join(path, 'manifest.json')),
        equal: () => outcomeOf(path) === outcome,
      },
      random,
    );
    if (done.failure === undefined) rmSync(join(path, '..'), { recursive: true });
    return done;
  },
});

const ofSweep: Target = {
  name: 'a sweep',
  attempt: async (random) => {
    const { outcome, milliseconds } = await sweeps.reference();
    const path = join(folder(), 'sweep');
    const begin = sweeps.command(path);
    const done = await killed(
      {
        // The same command goes on with it, with or without what it had.
        ...{ path, milliseconds, begin, goOn: begin },
        begun: () => true,
        equal: () => sweeps.outcomeOf(path) === outcome,
      },
      random,
    );
    if (done.failure === undefined) rmSync(join(path, '..'), { recursive: true });
    return done;
  },
};

const kinds: readonly Kind[] = [
  { family: 'gans', engine: 'wasm' },
  { family: 'conditional', engine: 'compiled' },
  { family: 'cnn', engine: 'cpu' },
  { family: 'gans', engine: 'compiled' },
  { family: 'speech', engine: 'compiled' },
  { family: 'conditional', engine: 'wasm' },
];

await attempts(
  'crash',
  { count: 1000, seconds: 36_000 },
  [ofRun(kinds[0] ?? { family: 'gans', engine: 'wasm' }), ofSweep, ...kinds.slice(1).map(ofRun)],
  () => ({ kills, ...(terminal ? {} : { 'no terminal': noTerminal() }) }),
);
