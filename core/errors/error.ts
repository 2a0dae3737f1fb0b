import { inspect } from 'node:util';

/**
 * Process exit codes. They are part of the public interface: documented in
 * docs/exit-codes.md and stable within a major version.
 */
export const ExitCode = {
  /** The command did what it was asked. */
  ok: 0,
  /** A bug in ncn itself. */
  internal: 1,
  /** Wrong command line or configuration: nothing was written. */
  usage: 2,
  /** A data set is missing, corrupt or of the wrong shape. */
  data: 3,
  /** A plugin did not load, threw, hung, or contributed something invalid. */
  plugin: 4,
  /** An engine is not available or failed. */
  engine: 5,
  /** Training produced a NaN or an infinity. */
  diverged: 6,
  /** A run directory cannot be read, written, or is in use. */
  run: 7,
  /** Some jobs of a sweep failed; the others are done. */
  jobs: 8,
  /** A job of a cluster saved its state and is to be started again. */
  yielded: 75,
  /** A job of a cluster stopped because another copy of it has taken over. */
  superseded: 76,
  /** A job of a cluster was started again and again, and got no further. */
  stalled: 77,
  /** Stopped by SIGINT; the state was saved. */
  interrupted: 130,
  /** Stopped by SIGTERM; the state was saved. */
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface NcnErrorOptions {
  /** Stable identifier of the message, such as `NCN_DATA_TRUNCATED`. */
  readonly code: string;
  /** What the process exits with when this error ends it. */
  readonly exit: ExitCode;
  /** What the reader can do about it; one or more sentences. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error meant for a person: what was wrong, where, what was expected, and what to do. */
export class NcnError extends Error {
  readonly code: string;
  readonly exit: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, options: NcnErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'NcnError';
    this.code = options.code;
    this.exit = options.exit;
    this.hint = options.hint;
  }

  /** Where the message is explained. */
  get docs(): string {
    return `docs/errors.md#${this.code.toLowerCase()}`;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '') {
    return thrown.errors.map(messageOf).join('; ') || thrown.name;
  }
  if (thrown instanceof Error)
    return thrown.message || (thrown.stack?.split('\n')[0] ?? thrown.name);
  if (typeof thrown !== 'object' || thrown === null) return `${String(thrown)} was thrown`;
  const { message } = thrown as { readonly message?: unknown };
  return typeof message === 'string' ? message : `${inspect(thrown, { depth: 2 })} was thrown`;
}
