import { parseArgs } from 'node:util';
import { RandomStreams } from '../../core/random/streams.js';

/** What a campaign is asked for: `--seed N --count N --seconds N`. */
export interface Limits {
  readonly seed: number;
  readonly count: number;
  readonly seconds: number;
}

/** One try, and what it showed; a failure says what was expected. */
export interface Attempt {
  readonly what: string;
  readonly failure?: string;
  /** To count by: `equal`, `refused`, `fell back`. */
  readonly outcome: string;
}

/**
 * Runs tries until the count or the time is reached, prints a summary as JSON, and sets the exit code:
 * 0 where each did what is promised.
 * @param attempt the number-th try; its random numbers depend on seed and number alone
 */
export async function campaign(
  name: string,
  fallback: Limits,
  attempt: (number: number, random: ReturnType<RandomStreams['at']>) => Promise<Attempt>,
): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(fallback.seed) },
      count: { type: 'string', default: String(fallback.count) },
      seconds: { type: 'string', default: String(fallback.seconds) },
    },
  });
  const [seed, count, seconds] = [values.seed, values.count, values.seconds].map(Number) as [
    number,
    number,
    number,
  ];
  const streams = new RandomStreams(seed);
  const began = performance.now();
  const outcomes: Record<string, number> = {};
  const failures: Attempt[] = [];
  let tries = 0;
  while (tries < count && performance.now() - began < seconds * 1000) {
    const done = await attempt(tries, streams.at(`${name}/${tries}`));
    tries++;
    outcomes[done.outcome] = (outcomes[done.outcome] ?? 0) + 1;
    if (done.failure !== undefined) failures.push(done);
  }
  const took = Math.round((performance.now() - began) / 1000);
  const summary = { campaign: name, seed, tries, seconds: took, outcomes, failures };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (failures.length > 0) process.exitCode = 1;
}
