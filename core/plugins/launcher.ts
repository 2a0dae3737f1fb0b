import type { JsonValue } from '../run/json.js';

/** What a launcher is asked to run. */
export interface LaunchRequest {
  /** Name of the job: letters, digits and `._=+-`. */
  readonly name: string;
  /** Program and arguments, complete with run directory and threads; paths are absolute. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Folder to run it in: paths that the user gave may be relative to it. */
  readonly cwd: string;
  /** File that standard output and standard error are appended to. */
  readonly log: string;
  /** CPU threads that the job will use. */
  readonly threads: number;
  /** Value of CUDA_VISIBLE_DEVICES; null leaves it alone. */
  readonly device: string | null;
}

/** How a launched job ended, as far as the launcher can know. */
export interface Ending {
  /** Exit status; null where it was killed, or nobody was there to see it end. */
  readonly exit: number | null;
  /** The signal that killed it. */
  readonly signal: string | null;
}

/** A job that is queued or running somewhere. */
export interface LaunchedJob {
  /** Written to the ledger: enough for another process to {@link Launcher.adopt} the job. */
  readonly handle: JsonValue;
  /** Resolves when the job is over; never rejects. */
  readonly ended: Promise<Ending>;
  /** Asks the job to save its state and end. */
  readonly stop: () => void;
}

/**
 * Where the jobs of a sweep run. The launcher owns queueing and requeueing: it may start a job
 * later, elsewhere, or a second time after a preemption. The job owns its checkpoint: `ncn resume`
 * with its run directory continues it. So a launcher need only get a command line executed on the
 * files it names, in the environment of the sweep, and tell when it is over; whether it succeeded
 * is read from the run directory.
 *
 * The local one starts child processes. One for a cluster would submit a batch job, keep the
 * scheduler's id as handle, and poll.
 */
export interface Launcher {
  /** Written to the ledger with the handle. */
  readonly name: string;
  /** @throws NcnError where the job cannot be started at all */
  readonly launch: (request: LaunchRequest) => Promise<LaunchedJob>;
  /** Finds a job that an earlier process launched; undefined where it is over. */
  readonly adopt: (handle: JsonValue) => Promise<LaunchedJob | undefined>;
}
