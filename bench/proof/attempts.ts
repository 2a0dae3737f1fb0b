import { RandomStreams } from '../../core/random/streams.js';
import { campaignOptions, conclude, type Failure } from './campaign.js';

/** One try, and what it showed; a failure says what was expected. */
export interface Attempt {
  readonly what: string;
  readonly failure?: string;
  /** To count by: `equal`, `refused`, `told`. */
  readonly outcome: string;
}

/**
 * Tries until the count or the time is reached, and prints what came of it. The random numbers of a try
 * depend on seed and number alone, so that `--from N --count 1` makes one again.
 */
export async function attempts(
  name: string,
  defaults: { count: number; seconds: number },
  attempt: (number: number, random: ReturnType<RandomStreams['at']>) => Promise<Attempt>,
): Promise<void> {
  const options = campaignOptions(defaults);
  const { seed, count, seconds, from } = options;
  const streams = new RandomStreams(seed);
  const began = performance.now();
  const outcomes: Record<string, number> = {};
  const failures: Failure[] = [];
  let tries = 0;
  while (tries < count && performance.now() - began < seconds * 1000) {
    const index = from + tries;
    const done = await attempt(index, streams.at(`${name}/${index}`));
    tries++;
    outcomes[done.outcome] = (outcomes[done.outcome] ?? 0) + 1;
    if (done.failure !== undefined) {
      failures.push({ target: done.what, index, what: 'answer', message: done.failure });
    }
  }
  const took = Math.round((performance.now() - began) / 1000);
  conclude(name, options, { tries, seconds: took, outcomes }, failures);
}
