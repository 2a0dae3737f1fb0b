import { ExitCode } from '../../core/errors/error.js';
import type { Ending } from '../../core/plugins/launcher.js';
import type { JobOutput } from './output.js';

/** Codes of a start that came too early: another process was making or using the run. */
const tooEarly = ['NCN_RUN_IN_USE', 'NCN_RUN_NOT_EMPTY', 'NCN_RUN_NOT_A_RUN', 'NCN_RUN_MISSING'];
/** A job that keeps being cut off without getting further is given up after so many times. */
const patience = 3;

/** Whether a job that is not finished failed, or was merely cut off. */
export interface Verdict {
  readonly kind: 'failed' | 'interrupted';
  readonly reason?: string;
}

/** Tells failures from interruptions, of which it counts those that nobody asked for. */
export class Verdicts {
  private readonly cuts = new Map<number, { count: number; update: number }>();

  /** @param asked whether the sweep had asked the job to save its state and end */
  of(
    number: number,
    { exit, signal }: Ending,
    { update = 0, code = '' }: Pick<JobOutput, 'update' | 'code'>,
    asked: boolean,
  ): Verdict {
    const stopped = exit === ExitCode.interrupted || exit === ExitCode.terminated;
    const unseen = exit === null && signal === null;
    if (asked && (stopped || unseen)) {
      return { kind: 'interrupted', reason: `stopped at update ${update}` };
    }
    const early = exit === ExitCode.run && tooEarly.includes(code);
    if (exit !== null && !stopped && !early) return { kind: 'failed' };
    const what = stopped
      ? 'stopped from outside'
      : early
        ? 'its run was in use'
        : unseen
          ? 'it vanished'
          : `killed by ${signal}`;
    const before = this.cuts.get(number);
    const count = before !== undefined && before.update >= update ? before.count + 1 : 1;
    this.cuts.set(number, { count, update });
    if (count < patience) return { kind: 'interrupted', reason: `${what} at update ${update}` };
    this.cuts.delete(number);
    const why = exit === null ? '; out of memory, perhaps' : '';
    return { kind: 'failed', reason: `${what} ${count} times at update ${update}${why}` };
  }
}
