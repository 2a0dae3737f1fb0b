/**
 * Damages one file of a run that was stopped or that is finished, or of a sweep, and looks at what each
 * command makes of it: `npm run proof:corrupt -- --seed 1 --count 2000 --seconds 36000 [--jobs 2]`. A run
 * must end with the same bytes, or be refused with an error for people, or say what it lost. What it
 * counts is damaged files.
 */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RandomSequence } from '../../core/random/streams.js';
import { attempts, type Attempt, type Target } from './attempts.js';
import { command, folder, outcomeOf, type Ended } from './command.js';
import { ordinary, References, type Kind } from './small-runs.js';
import { isRun, SmallSweeps } from './small-sweeps.js';
import {
  doneJob,
  ends,
  publishedIn,
  saidIn,
  unfinishedRun,
  workOf,
  yieldedJob,
} from './unfinished.js';

const references = new References();
const sweeps = new SmallSweeps(references.data);
const unfinished = new Map<string, Promise<string>>();
let yielded: Promise<string> | undefined;
let done: Promise<string> | undefined;

const filesOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).size > 0)
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .sort();

/** Cuts a file, or flips a bit in it. @returns what was done */
function damage(path: string, file: string, random: RandomSequence): string {
  const place = join(path, file);
  const { size } = statSync(place);
  const cut = random.uniform() < 0.4;
  const at = random.below(size);
  if (cut) truncateSync(place, at);
  else {
    const bytes = readFileSync(place);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    writeFileSync(place, bytes);
  }
  return `${file} ${cut ? 'cut' : 'flipped'} at byte ${at} of ${size}`;
}

/** Copies of something, each with one damaged file, in one folder. */
class Copies {
  readonly parent = folder();
  readonly paths: string[] = [];
  readonly harms: string[] = [];

  add(
    source: string,
    random: RandomSequence,
    among: (file: string) => boolean = () => true,
  ): string {
    const path = join(this.parent, `copy-${this.paths.length}`);
    cpSync(source, path, { recursive: true });
    const files = filesOf(path).filter(among);
    this.harms.push(damage(path, files[random.below(files.length)] ?? '', random));
    this.paths.push(path);
    return path;
  }

  /** What a command made of them: fails where it crashed, or said nothing of other bytes. */
  judge(name: string, { code, signal, text }: Ended, equal: () => boolean): Attempt {
    const what = `${name} with ${this.harms.join('; ')}`;
    const bare = signal !== null || code === 1 || code === null || /^\s+at .*:\d+:\d+/m.test(text);
    const isEqual = (): boolean => {
      try {
        return equal();
      } catch {
        // What it would be compared by is damaged.
        return false;
      }
    };
    const told = /warning:|error:|missing|damaged|lost|failed/i.test(text);
    const outcome = bare
      ? 'crashed'
      : code !== 0
        ? 'refused'
        : isEqual()
          ? 'equal'
          : told
            ? 'told'
            : 'silent';
    const bad = outcome === 'crashed' || outcome === 'silent';
    if (!bad) rmSync(this.parent, { recursive: true });
    const counts = this.paths.length;
    const failure = `${this.parent}: ${text.slice(0, 2000)}`;
    return { what, outcome, counts, ...(bad ? { failure } : {}) };
  }
}

/** A copy of something with one damaged file, and what a command makes of it. */
async function tried(
  source: string,
  args: (path: string) => readonly string[],
  random: RandomSequence,
  equal: (path: string, ended: Ended) => boolean,
  {
    among = () => true,
    said = () => '',
  }: {
    readonly among?: (file: string) => boolean;
    /** What it says elsewhere than on its streams. */
    readonly said?: (path: string) => string;
  } = {},
): Promise<Attempt> {
  const copies = new Copies();
  const path = copies.add(source, random, among);
  const ended = await command(args(path));
  const all = { ...ended, text: ended.text + said(path) };
  return copies.judge(args(path)[0] ?? '', all, () => equal(path, ended));
}

const readers = ['evaluate', 'report', 'checkpoints', 'compare', 'runs'] as const;
/** How many runs one look sees, of commands that look at several. */
const several = 3;

/** What commands that change nothing make of it. */
async function looked(source: string, whole: string, random: RandomSequence): Promise<Attempt> {
  const name = readers[random.below(readers.length)] ?? 'report';
  const copies = new Copies();
  const count = name === 'runs' || name === 'compare' ? several : 1;
  for (let i = 0; i < count; i++) copies.add(source, random);
  const { paths, parent } = copies;
  const look = (...runs: readonly string[]): Promise<Ended> =>
    command([name, ...runs, ...(name === 'compare' ? [whole] : [])]);
  const ended = await (name === 'runs' ? command([name, parent]) : look(...paths));
  if (ended.code === 0 || count === 1) return copies.judge(name, ended, () => true);
  // One that is refused hides the others.
  const alone = [];
  for (const path of paths) alone.push(await look(path));
  const worst = alone.find(({ code }) => code === null || code === 1) ?? ended;
  return copies.judge(name, worst, () => true);
}

/** Of an image experiment, and of one with sounds. */
const kinds: readonly Kind[] = [
  ordinary,
  { family: 'cnn', engine: 'compiled' },
  { family: 'speech', engine: 'compiled' },
];
/** How many runs there are to choose from, each stopped at another moment. */
const moments = 3;

const targets: readonly Target[] = [
  ...ends.map((end): Target => ({
    name: `a run that was ${end}`,
    attempt: async (random) => {
      const kind = kinds[random.below(kinds.length)] ?? ordinary;
      const number = random.below(moments);
      const key = `${end} ${kind.family} ${number}`;
      const known = unfinished.get(key) ?? unfinishedRun(references, kind, end, number);
      unfinished.set(key, known);
      const source = await known.catch((error: unknown) => {
        unfinished.delete(key);
        throw error;
      });
      const whole = await references.of(kind);
      if (random.uniform() < 0.3) return looked(source, whole.run, random);
      const equal = (path: string): boolean => outcomeOf(path) === whole.outcome;
      return tried(source, (path) => ['resume', path], random, equal);
    },
  })),
  {
    name: 'a job that yielded',
    attempt: async (random) => {
      const source = await (yielded ??= yieldedJob(references));
      const whole = outcomeOf(publishedIn(await (done ??= doneJob(references))));
      const equal = (path: string): boolean => outcomeOf(publishedIn(path)) === whole;
      const args = (path: string): string[] => workOf(references, path, 'ncn-0000000000000002');
      return tried(source, args, random, equal, { said: saidIn });
    },
  },
  {
    name: 'a finished run',
    attempt: async (random) => {
      const { run, outcome } = await references.of(kinds[random.below(kinds.length)]);
      if (random.uniform() < 0.7) return looked(run, run, random);
      const equal = (path: string): boolean => outcomeOf(path) === outcome;
      return tried(run, (path) => ['resume', path], random, equal);
    },
  },
  {
    name: 'a sweep',
    attempt: async (random) => {
      const { path: source, outcome } = await sweeps.reference();
      // Its own files, the ledger first of all; those of its runs are tried above.
      const own = (file: string): boolean => !isRun(file);
      const some = random.uniform() < 0.7 ? own : () => true;
      const again = random.below(2) === 0;
      const args = (path: string): string[] =>
        again ? sweeps.command(path) : ['sweep', 'status', path];
      const equal = (path: string): boolean => !again || sweeps.outcomeOf(path) === outcome;
      return tried(source, args, random, equal, { among: some });
    },
  },
];

await attempts('corrupt', { count: 2000, seconds: 36_000, unit: 'files' }, targets);
