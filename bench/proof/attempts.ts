import { RandomStreams, type RandomSequence } from '../../core/random/streams.js';
import { campaignOptions, conclude, type Failure } from './campaign.js';

/** One try, and what it showed; a failure says what was expected. */
export interface Attempt {
  readonly what: string;
  readonly failure?: string;
  /** To count by: `equal`, `refused`, `told`. */
  readonly outcome: string;
  /** How many of what the campaign counts it stands for; one by default. */
  readonly counts?: number;
}

/** What a campaign tries: kinds of damage, kinds of runs; in turn, or one of them alone. */
export interface Target {
  readonly name: string;
  /** Why it cannot be tried here; undefined where it can. */
  readonly absent?: () => string | undefined;
  readonly attempt: (
    random: RandomSequence,
    index: number,
  ) => Promise<Attempt | readonly Attempt[]>;
}

/** How far a campaign goes by default, and what it counts: kills, files; tries otherwise. */
interface Defaults {
  readonly count: number;
  readonly seconds: number;
  readonly unit?: string;
}

/** Milliseconds between lines that say how far it is. */
const lineMs = 30_000;

/**
 * Tries targets in turn, `--jobs` of them at a time, until the count or the time is reached, and prints what
 * came of it: outcomes by target, and what could not be tried and why. What is drawn at a try depends on
 * seed and number alone, so that `--from N --count 1` makes one again. At SIGTERM it ends with those that are going on.
 * @param more numbers to print
 */
export async function attempts(
  name: string,
  defaults: Defaults,
  all: readonly Target[],
  more: () => Readonly<Record<string, unknown>> = () => ({}),
): Promise<void> {
  const { unit = 'tries' } = defaults;
  const options = campaignOptions(defaults);
  const { seed, count, seconds, from, only, jobs } = options;
  const streams = new RandomStreams(seed);
  const began = performance.now();
  const named = all.filter(
    ({ name }) => only === undefined || only.split(',').some((part) => name.includes(part)),
  );
  if (named.length === 0) {
    throw new Error(`'${String(only)}' is none of: ${all.map((t) => t.name).join(', ')}`);
  }
  const skipped = Object.fromEntries(
    named.flatMap((target) => {
      const why = target.absent?.();
      return why === undefined ? [] : [[target.name, why]];
    }),
  );
  const present = named.filter((target) => !(target.name in skipped));
  const outcomes: Record<string, Record<string, number>> = {};
  const failures: Failure[] = [];
  let [tries, counted, told] = [0, 0, began];
  /** A line from time to time, so that an hour is not silent; the summary alone goes to standard output. */
  const tell = (): void => {
    const now = performance.now();
    if (now - told < lineMs) return;
    told = now;
    const minutes = ((now - began) / 60_000).toFixed(1);
    process.stderr.write(
      `${name}: ${counted} of ${count} ${unit} after ${minutes} min, ${failures.length} failed\n`,
    );
  };
  const next = async (): Promise<void> => {
    const index = from + tries++;
    const target = present[index % present.length];
    if (target === undefined) return;
    const done = await target
      .attempt(streams.at(`${name}/${index}`), index)
      .catch((error: unknown): Attempt => {
        return { what: 'the campaign itself', outcome: 'failed', failure: String(error) };
      });
    const outcome = (outcomes[target.name] ??= {});
    for (const one of [done].flat()) {
      counted += one.counts ?? 1;
      outcome[one.outcome] = (outcome[one.outcome] ?? 0) + 1;
      if (one.failure === undefined) continue;
      const what = `${target.name}: ${one.what}`;
      failures.push({ target: what, index, what: 'answer', message: one.failure });
    }
  };
  const state = { ended: false };
  // What came of the tries so far is told, too, where somebody wants the machine back.
  process.once('SIGTERM', () => (state.ended = true));
  const isOver = (): boolean =>
    state.ended || counted >= count || performance.now() - began >= seconds * 1000;
  const worker = async (): Promise<void> => {
    while (!isOver()) {
      await next();
      tell();
    }
  };
  await Promise.all(Array.from({ length: present.length === 0 ? 0 : jobs }, worker));
  const took = Math.round((performance.now() - began) / 1000);
  const reached = unit === 'tries' ? {} : { [unit]: counted };
  const numbers = { tries, ...reached, wanted: count, seconds: took, outcomes, skipped, ...more() };
  conclude(name, options, numbers, failures);
}
