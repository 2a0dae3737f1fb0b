import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { RandomStreams } from '../../core/random/streams.js';
import { RunDirectory } from '../../core/run/directory.js';
import { canonicalJsonLine } from '../../core/run/json.js';
import { Attempts } from '../../lab/sweep/attempts.js';
import { claimJob } from '../../lab/sweep/claim.js';
import { jobLog } from '../../lab/sweep/ledger.js';
import { isPublished, publish, takeOver } from '../../lab/sweep/ownership.js';

/** What a simulated node does to a job. */
export type Fate = 'runs' | 'preempted' | 'dies' | 'vanishes';

/** Shares of the first attempts that are preempted, die with their node, or are never heard of again. */
const shares = { preempted: 0.05, dies: 0.02, vanishes: 0.01 } as const;

/** What becomes of a job's attempt: the same in each simulation. */
export function fateOf(name: string, start: number): Fate {
  if (start > 1) return 'runs';
  let at = new RandomStreams(1).at(name).uniform();
  for (const fate of ['preempted', 'dies', 'vanishes'] as const) {
    if (at < shares[fate]) return fate;
    at -= shares[fate];
  }
  return 'runs';
}

/** What a job leaves in the sweep's folder, with an engine that only waits. */
export class WaitingJob {
  private readonly attempts: Attempts;

  constructor(
    sweep: string,
    private readonly name: string,
    private readonly token: string,
  ) {
    this.attempts = new Attempts(sweep);
  }

  /**
   * An attempt, with the files and in the order of `ncn sweep work`, but for images, logs and
   * states of a run.
   * @param seconds that it takes
   * @param stopped resolves when it is to save its state and end
   * @returns whether it is over, and milliseconds until it could begin to work
   */
  async run(
    fate: Fate,
    seconds: number,
    stopped: Promise<void>,
  ): Promise<{ readonly over: boolean; readonly claimed: number }> {
    const { attempts, name } = this;
    // The scheduler opens it for what is said before the attempt has a log of its own.
    await appendFile(jobLog(attempts.sweep, name), '');
    const began = performance.now();
    const { number, before } = await claimJob(attempts, name, this.token);
    const end = (kind: 'done' | 'yielded', exit: number, reason: string | null): Promise<void> =>
      attempts.end(name, number, kind, { time: new Date().toISOString(), seconds, exit, reason });
    if (await isPublished(attempts.sweep, name)) {
      await end('done', 0, null);
      return { over: true, claimed: performance.now() - began };
    }
    const path = attempts.run(name, number);
    const taken = await takeOver(attempts, name, number, before);
    const claimed = performance.now() - began;
    if (taken === 'published') {
      await end('done', 0, null);
      return { over: true, claimed };
    }
    const begun = taken === 'begun';
    const run = await (begun ? RunDirectory.open(path) : RunDirectory.createAt(path));
    if (!begun) await run.writeJson('manifest.json', {});
    const log = attempts.log(name, number);
    await appendFile(log, `${canonicalJsonLine({ type: 'update', update: 1 })}\n`);
    if (fate === 'dies' || fate === 'vanishes') return { over: fate === 'vanishes', claimed };
    const asked = await Promise.race([sleep(seconds * 1000, false), stopped.then(() => true)]);
    const time = new Date().toISOString();
    if (fate === 'preempted' || asked) {
      await run.writeStatus({ state: 'interrupted', time });
      await end('yielded', 75, 'saved its state when it was asked to end');
      return { over: asked, claimed };
    }
    await run.writeJson('summary.json', { results: {} });
    await run.writeStatus({ state: 'finished', time });
    await publish(attempts.sweep, name, path);
    await end('done', 0, null);
    return { over: true, claimed };
  }
}
