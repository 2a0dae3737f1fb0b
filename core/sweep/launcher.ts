import type { JsonValue } from '../run/json.js';

/** What a launcher is asked to run: `ncn` with these arguments. */
export interface LaunchRequest {
  /** Arguments of the command line, complete with run directory and threads. */
  readonly args: readonly string[];
  /** File that standard output and standard error are appended to. */
  readonly log: string;
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
 * later, elsewhere, or a second time after a preemption. The job owns its checkpoint: started
 * again with the same run directory, it continues. So a launcher need only get a command line
 * executed on the files it names, and tell when it is over; whether it succeeded is read from
 * the run directory.
 *
 * The local one starts child processes. One for a cluster would submit a batch job, keep the
 * scheduler's id as handle, and poll.
 */
export interface Launcher {
  readonly name: string;
  /** @throws NcnError where the job cannot be started at all */
  readonly launch: (request: LaunchRequest) => Promise<LaunchedJob>;
  /** Finds a job that an earlier process launched; undefined where it is over. */
  readonly adopt: (handle: JsonValue) => Promise<LaunchedJob | undefined>;
}
