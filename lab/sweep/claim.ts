import { hostname } from 'node:os';
import type { Attempt, Attempts } from './attempts.js';
import { progressOf } from './ownership.js';

/** A job that an attempt has made its own. */
export interface Claim {
  /** Of the attempt. */
  readonly number: number;
  /** The attempts before it. */
  readonly before: readonly Attempt[];
  /** Updates done before; null where there was no checkpoint. */
  readonly from: number | null;
}

/**
 * Makes a new attempt at a job, which owns it from now on.
 * @param token of the submission that it belongs to
 * @throws NcnError where nothing can be written
 */
export async function claimJob(attempts: Attempts, name: string, token: string): Promise<Claim> {
  const before = await attempts.of(name);
  const from = await progressOf(attempts, name, before);
  const number = await attempts.claim(name, before.length, {
    token,
    time: new Date().toISOString(),
    host: process.env['SLURMD_NODENAME'] ?? hostname(),
    pid: process.pid,
    from,
  });
  // One may have come meanwhile, or been hidden by a file system that remembers what was not there.
  if (number === before.length + 1) return { number, before, from };
  const now = await attempts.of(name);
  return { number, before: now.filter((attempt) => attempt.number < number), from };
}

/** How many of the last attempts of this submission began where this one does. */
export async function withoutProgress(
  attempts: Attempts,
  name: string,
  { before, from }: Claim,
  token: string,
): Promise<number> {
  let count = 0;
  for (const { number } of [...before].reverse()) {
    const start = await attempts.start(name, number);
    if (start?.token !== token || start.from !== from) break;
    count += 1;
  }
  return count;
}
