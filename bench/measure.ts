import { spawnSync } from 'node:child_process';
import { z } from 'zod';

const caseSchema = z.object({
  /** Milliseconds of each timed update. */
  times: z.array(z.number()),
  /** Milliseconds of the first update, compilation not counted. */
  firstMs: z.number(),
  compileMs: z.number(),
  /** Milliseconds of all processors' time that an update took: fewer than its time while others run. */
  cpuMs: z.number().optional(),
  /** Largest resident size of the process. */
  peakBytes: z.number(),
  about: z.string(),
});

export type CaseResult = z.output<typeof caseSchema>;

/** Runs one case in a process of its own; a string says why there is no result. */
export function runCase(command: string, args: readonly string[]): CaseResult | string {
  const child = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (child.error !== undefined) return child.error.message;
  const lines = child.stdout.trim().split('\n');
  if (child.status !== 0) {
    const said = child.stderr.trim().split('\n').at(-1) ?? '';
    return child.signal === null ? said : `ended by ${child.signal}`;
  }
  return caseSchema.parse(JSON.parse(lines.at(-1) ?? ''));
}

/** Median and range. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** @throws TypeError without values */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) throw new TypeError('no values');
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? low;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
  return { median, low, high, count: sorted.length };
}
