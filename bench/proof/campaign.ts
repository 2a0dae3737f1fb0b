import { maybe, scriptOptions, whole } from '../options.js';

/** How far a campaign goes: until its count is reached or its time is up. */
export interface CampaignOptions {
  readonly seed: number;
  /** Inputs, kills, requests: what it counts. */
  readonly count: number;
  readonly seconds: number;
  /** Only this part of it, from this number on: to see one failure again. */
  readonly only: string | undefined;
  readonly from: number;
  /** How many tries at a time, of campaigns of tries. */
  readonly jobs: number;
}

export interface Failure {
  readonly target: string;
  /** Number of the input within the target: the same seed makes the same one. */
  readonly index: number;
  readonly what: 'error' | 'time' | 'memory' | 'leak' | 'answer';
  readonly message: string;
}

/** Reads `--seed N --count N --seconds N --only TARGET --from N --jobs N`. */
export function campaignOptions(defaults: { count: number; seconds: number }): CampaignOptions {
  return scriptOptions({
    command: 'npm run proof:…',
    about: 'A campaign, until its count is reached or its time is up: docs/reliability.md.',
    options: {
      seed: whole('seed of its random numbers', 1, 0),
      count: whole('inputs, kills, requests: what it counts', defaults.count, 0),
      seconds: whole('seconds that it may take', defaults.seconds, 0),
      only: maybe('names', 'only these parts of it'),
      from: whole('from this number on, to see one failure again', 0, 0),
      jobs: whole('tries at a time, of campaigns of tries', 1),
    },
  });
}

/** Prints the summary as one line of JSON; a failure is the exit code. */
export function conclude(
  campaign: string,
  { seed }: CampaignOptions,
  numbers: Readonly<Record<string, unknown>>,
  failures: readonly Failure[],
): void {
  const about = { campaign, seed, node: process.version, platform: process.platform };
  process.stdout.write(`${JSON.stringify({ ...about, ...numbers, failures })}\n`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
