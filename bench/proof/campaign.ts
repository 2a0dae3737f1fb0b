import { parseArgs } from 'node:util';

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
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: String(defaults.count) },
      seconds: { type: 'string', default: String(defaults.seconds) },
      only: { type: 'string' },
      from: { type: 'string', default: '0' },
      jobs: { type: 'string', default: '1' },
    },
  });
  const number = (text: string): number => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new Error(`'${text}' is not a whole number`);
  };
  return {
    seed: number(values.seed),
    count: number(values.count),
    seconds: number(values.seconds),
    only: values.only,
    from: number(values.from),
    jobs: Math.max(1, number(values.jobs)),
  };
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
