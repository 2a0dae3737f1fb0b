/**
 * Damages one file of a run that was stopped or that is finished, or of a sweep, and looks at what each
 * command makes of it: `npm run proof:corrupt -- --seed 1 --count 2000 --seconds 36000`. A run must end
 * with the same bytes, or be refused with an error for people, or say what it lost.
 */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RandomSequence } from '../../core/random/streams.js';
import { attempts, type Attempt, type Target } from './attempts.js';
import { command, folder, outcomeOf, type Ended } from './command.js';
import { References } from './small-runs.js';
import { isRun, SmallSweeps } from './small-sweeps.js';
import {
  doneJob,
  ends,
  publishedIn,
  saidIn,
  unfinishedRun,
  workOf,
  yieldedJob,
  type End,
} from './unfinished.js';

const references = new References();
const finished = await references.of();
const sweeps = new SmallSweeps(references.data);
const unfinished = new Map<End, Promise<string>>();
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
  const parent = folder();
  const path = join(parent, 'copy');
  cpSync(source, path, { recursive: true });
  const files = filesOf(path).filter(among);
  const harm = damage(path, files[random.below(files.length)] ?? '', random);
  const ended = await command(args(path));
  const { code, signal } = ended;
  const text = ended.text + said(path);
  const what = `${args(path)[0] ?? ''} with ${harm}`;
  const bare = signal !== null || code === 1 || code === null || /^\s+at .*:\d+:\d+/m.test(text);
  const told = /warning:|error:|missing|damaged|lost|failed/i.test(text);
  const outcome = bare
    ? 'crashed'
    : code !== 0
      ? 'refused'
      : equal(path, ended)
        ? 'equal'
        : told
          ? 'told'
          : 'silent';
  const bad = outcome === 'crashed' || outcome === 'silent';
  if (!bad) rmSync(parent, { recursive: true });
  return { what, outcome, ...(bad ? { failure: `${path}: ${text.slice(0, 2000)}` } : {}) };
}

const readers = ['evaluate', 'report', 'checkpoints', 'compare', 'runs'] as const;

/** What commands that change nothing make of it. */
function looked(source: string, random: RandomSequence): Promise<Attempt> {
  const name = readers[random.below(readers.length)] ?? 'report';
  const args = (path: string): string[] =>
    name === 'compare' ? [name, path, finished.run] : [name, path];
  return tried(source, args, random, () => true);
}

const targets: readonly Target[] = [
  ...ends.map((end): Target => ({
    name: `a run that was ${end}`,
    attempt: async (random) => {
      const known = unfinished.get(end) ?? unfinishedRun(references, end);
      unfinished.set(end, known);
      const source = await known;
      if (random.uniform() < 0.3) return looked(source, random);
      const equal = (path: string): boolean => outcomeOf(path) === finished.outcome;
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
    attempt: (random) => looked(finished.run, random),
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

await attempts('corrupt', { count: 2000, seconds: 36_000 }, targets);
