/**
 * Kills runs and sweeps at random moments, of training and of resuming, and compares what they end with
 * with what nobody killed: `npm run proof:crash -- --seed 1 --count 1000 --seconds 36000 [--jobs 2]
 * [--only 'speech']`. What it counts is kills that struck; each run and sweep is killed several times.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomSequence } from '../../core/random/streams.js';
import { attempts, type Attempt, type Target } from './attempts.js';
import { command, folder, outcomeOf, samplesOf, type Ended } from './command.js';
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
  // Most are killed while they start or soon after, so that a run is killed often on its way.
  const after = random.uniform() * milliseconds * (random.below(3) === 0 ? 1.1 : 0.5);
  const how = `${death} after ${Math.round(after)} ms`;
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
  const most = 1 + random.below(9);
  let [counts, over] = [0, false];
  const said = (outcome: string, failure?: string): Attempt => ({
    ...{ what: story.join(', '), outcome, counts },
    ...(failure === undefined ? {} : { failure: `${path}: ${failure.slice(-3000)}` }),
  });
  while (counts < most && !over) {
    const { how, ...ended } = await die(victim.begun() ? goOn : begin, milliseconds, random);
    story.push(`${how}: ${String(ended.code)}`);
    // Killed before it handles signals, a process ends by the signal; afterwards by its code.
    const { code, signal, text } = ended;
    if (!stopped(ended)) return said('failed', `${String(code ?? signal)}: ${text}`);
    over = code === 0;
    if (!over) counts++;
  }
  if (!over) {
    const { code, text } = await command(victim.begun() ? goOn : begin);
    if (code !== 0) return said('failed', `it ended with ${String(code)}: ${text}`);
  }
  return victim.equal() ? said('equal') : said('failed', 'other bytes');
}

const ofRun = (kind: Kind): Target => ({
  name: `a run of ${kind.family} on ${kind.engine}`,
  attempt: async (random) => {
    const { run, outcome, milliseconds } = await references.of(kind);
    const samples = samplesOf(run);
    const path = join(folder(), 'run');
    const done = await killed(
      {
        ...{ path, milliseconds, begin: smallRun(references.data, path, kind) },
        goOn: ['resume', path],
        begun: () => existsSync(join(path, 'manifest.json')),
        equal: () => outcomeOf(path) === outcome && samplesOf(path) === samples,
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
  { family: 'cnn', engine: 'compiled' },
  { family: 'gans', engine: 'compiled' },
  { family: 'speech', engine: 'compiled' },
  { family: 'conditional', engine: 'wasm' },
  { family: 'gans', engine: 'cpu' },
  { family: 'speech', engine: 'wasm' },
];

await attempts(
  'crash',
  { count: 1000, seconds: 36_000, unit: 'kills' },
  [ofRun(kinds[0] ?? { family: 'gans', engine: 'wasm' }), ofSweep, ...kinds.slice(1).map(ofRun)],
  () => (terminal ? {} : { 'no terminal': noTerminal() }),
);
