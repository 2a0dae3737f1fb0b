import { RandomStreams, type RandomSequence } from '../../core/random/streams.js';
import { campaignOptions, conclude, type Failure } from './campaign.js';

/** One try, and what it showed; a failure says what was expected. */
export interface Attempt {
  readonly what: string;
  readonly failure?: string;
  /** To count by: `equal`, `refused`, `told`. */
  readonly outcome: string;
}

/** What a campaign tries: kinds of damage, kinds of runs; in turn, or one of them alone. */
export interface Target {
  readonly name: string;
  /** Why it cannot be tried here; undefined where it can. */
  readonly absent?: () => string | undefined;
  readonly attempt: (random: RandomSequence, index: number) => Promise<Attempt>;
}

/**
 * Tries targets in turn until the count or the time is reached, and prints what came of it: outcomes by
 * target, and what could not be tried and why. What is drawn at a try depends on seed and number alone,
 * so that `--from N --count 1` makes one again.
 * @param more numbers to print
 */
export async function attempts(
  name: string,
  defaults: { count: number; seconds: number },
  all: readonly Target[],
  more: () => Readonly<Record<string, unknown>> = () => ({}),
): Promise<void> {
  const options = campaignOptions(defaults);
  const { seed, count, seconds, from, only } = options;
  const streams = new RandomStreams(seed);
  const began = performance.now();
  const named = all.filter((target) => only === undefined || target.name.includes(only));
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
  let tries = 0;
  while (tries < count && performance.now() - began < seconds * 1000) {
    const index = from + tries;
    const target = present[index % present.length];
    if (target === undefined) break;
    const done = await target
      .attempt(streams.at(`${name}/${index}`), index)
      .catch((error: unknown): Attempt => {
        return { what: 'the campaign itself', outcome: 'failed', failure: String(error) };
      });
    tries++;
    const counts = (outcomes[target.name] ??= {});
    counts[done.outcome] = (counts[done.outcome] ?? 0) + 1;
    if (done.failure !== undefined) {
      const what = `${target.name}: ${done.what}`;
      failures.push({ target: what, index, what: 'answer', message: done.failure });
    }
  }
  const took = Math.round((performance.now() - began) / 1000);
  const numbers = { tries, wanted: count, seconds: took, outcomes, skipped, ...more() };
  conclude(name, options, numbers, failures);
}
