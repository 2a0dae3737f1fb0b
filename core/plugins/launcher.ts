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

/** Jobs that are handed over together. */
export interface Submission {
  /**
   * Random name, never used twice: letters, digits and `-`. By it the jobs are found again, also
   * where the answer to the submission got lost. Numbers that a scheduler gives out are not
   * enough: they are given out again.
   */
  readonly token: string;
  readonly jobs: readonly LaunchRequest[];
  /** The most that may run at the same time; null: as many as there is room for. */
  readonly atOnce: number | null;
  /** Handle of a job of an earlier submission, all of which must be over first. */
  readonly after?: JsonValue;
  /** Folder that every machine of the sweep sees, for the launcher's own files; it is there. */
  readonly folder: string;
}

/** How a launched job ended, as far as the launcher can know. */
export interface Ending {
  /** Exit status; null where it was killed, or nobody was there to see it end. */
  readonly exit: number | null;
  /** The signal that killed it. */
  readonly signal: string | null;
}

/** What a poll tells of a job. */
export type Sighting =
  | { readonly kind: 'queued'; readonly why: string | null }
  | { readonly kind: 'running'; readonly where: string | null }
  | { readonly kind: 'ended'; readonly ending: Ending; readonly why: string | null }
  /** The launcher answers, and does not know the job: it is long over, or was never there. */
  | { readonly kind: 'absent' };

/**
 * Where the jobs of a sweep run. The launcher owns queueing and requeueing: it may start a job
 * later, elsewhere, or a second time after a preemption. The job owns its checkpoint: started
 * again, the same command continues. So a launcher need only get command lines executed on the
 * files they name, in the environment of the sweep, and tell how they stand; whether a job
 * succeeded is read from what it leaves behind.
 *
 * There are two kinds. Of one that does not queue (child processes, SSH), the sweep stays and
 * hands over a job whenever there is room. To one that queues (a cluster's scheduler), the sweep
 * hands over everything at once and leaves; such a job exits with `ExitCode.yielded` where
 * it has saved its state and is to be started again, and runs the command in the variable
 * `NCN_REQUEUE` (a JSON array of program and arguments), where there is one, to ask for that.
 */
export interface Launcher {
  /** Written to the ledger with the handles. */
  readonly name: string;
  /** Whether jobs wait in a queue of the launcher, so that the sweep need not stay. */
  readonly queues: boolean;
  /** Milliseconds between polls that whoever is polled bears. */
  readonly pollEvery: number;
  /** Milliseconds that a job may be out of sight before it counts as lost. */
  readonly grace: number;
  /** The most jobs in one submission. */
  readonly most: number;
  /** CPU threads of each job, where the launcher's options say so. */
  readonly threads?: number;
  /**
   * Gets every job executed, once, now or later; they outlive this process.
   * @returns a handle for each job, in order: all that another process needs to find it
   * @throws NcnError where they cannot be submitted. They may have been all the same (an answer
   *   gets lost): {@link find} tells
   */
  readonly submit: (submission: Submission) => Promise<readonly JsonValue[]>;
  /**
   * The handles of a submission whose answer got lost, in order; null for a job that is not there.
   * Undefined where nobody answers: then nothing is known.
   */
  readonly find: (
    token: string,
    jobs: number,
  ) => Promise<readonly (JsonValue | null)[] | undefined>;
  /** How jobs stand, asked once for all of them; undefined where nobody answers. */
  readonly poll: (handles: readonly JsonValue[]) => Promise<readonly Sighting[] | undefined>;
  /**
   * Asks jobs to save their state and end, and takes those that wait out of the queue.
   * @throws NcnError where nobody answers
   */
  readonly stop: (handles: readonly JsonValue[]) => Promise<void>;
  /** What {@link submit} would hand over, as text for a person. */
  readonly preview?: (submission: Submission) => Promise<string>;
}
