import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ledgerDamaged, notASweep, sweepDirectoryTaken } from '../errors/sweep.js';
import { fileSystemRefused, systemCode } from '../../core/errors/run.js';
import { EventLog, readEvents } from '../../core/run/eventlog.js';
import { firstIssue, jsonOf, type JsonObject, type JsonValue } from '../../core/run/json.js';
import { isLockFile } from '../../core/run/lock.js';
import { eventSchema, type JobRecord, type LedgerEvent } from './events.js';
import { jobKey, jobName, jobRequestSchema, type Job } from './job.js';
import { LedgerState, type StateCounts } from './ledger-state.js';
import type { WantedJob } from './matrix.js';
import { ledgerFormat, sealed, SealedLines } from './sealed-lines.js';

export const ledgerFile = 'ledger.jsonl';

/** Where sweeps are kept unless told otherwise, and the files of one. */
export const jobLog = (sweep: string, name: string): string => join(sweep, 'logs', `${name}.log`);

/**
 * What a sweep's ledger says, by job number. Changes nothing; may be called while the sweep runs.
 * @throws NcnError where the folder is no sweep, or the ledger is damaged
 */
export async function readLedger(directory: string): Promise<ReadonlyMap<number, JobRecord>> {
  return (await readState(directory)).records;
}

/** What a ledger says of its sweep: its jobs, by number, and their data. */
export type SweepRecord = Pick<LedgerState, 'records' | 'data'>;

/** As {@link readLedger}, with what it says of all jobs; empty where the folder is no sweep yet. */
export async function readSweepIfThere(directory: string): Promise<Readonly<SweepRecord>> {
  const there = !(await missing(join(directory, ledgerFile)));
  return there ? readState(directory) : new LedgerState();
}

async function readState(directory: string): Promise<LedgerState> {
  const path = join(directory, ledgerFile);
  const state = new LedgerState();
  const lines = new SealedLines();
  let line = 0;
  try {
    for await (const value of readEvents(path)) {
      line += 1;
      const opened = lines.open(value);
      if (typeof opened === 'string') throw ledgerDamaged(path, `line ${line}: ${opened}`);
      const event = eventSchema.safeParse(opened);
      if (!event.success) throw ledgerDamaged(path, `line ${line}: ${firstIssue(event.error)}`);
      state.apply(event.data);
    }
  } catch (error) {
    if (line === 0 && (await missing(path))) throw notASweep(resolve(directory));
    throw error;
  }
  return state;
}

/** A wanted job and what it costs. */
export interface SizedJob extends WantedJob {
  /** Updates of all phases together. */
  readonly updates: number;
  /** Multiply-adds of the whole training. */
  readonly work: number;
}

/**
 * The durable state of a sweep: an append-only log of what happened to its jobs, flushed to the
 * disk before anything depends on it. For the holder of the sweep's lock.
 */
export class Ledger {
  readonly records: ReadonlyMap<number, JobRecord>;
  /** How many jobs are in each state. */
  readonly counts: Readonly<StateCounts>;
  private readonly byRequest = new Map<string, Job>();
  private lastNumber = 0;

  private constructor(
    readonly directory: string,
    private readonly log: EventLog,
    private readonly state: LedgerState,
    private readonly check: () => Promise<void>,
  ) {
    this.records = state.records;
    this.counts = state.counts;
    for (const { job } of state.records.values()) {
      this.byRequest.set(jobKey(job.request), job);
      this.lastNumber = Math.max(this.lastNumber, job.number);
    }
  }

  /**
   * Opens the ledger of a sweep, or begins one in a folder that is new or empty.
   * @param check throws where this process may no longer write
   * @param data folder that the jobs take their data from, if the caller knows
   * @throws NcnError where the folder holds something else, or the ledger is damaged
   */
  static async open(
    directory: string,
    check: () => Promise<void> = () => Promise.resolve(),
    data?: string | null,
  ): Promise<Ledger> {
    const path = join(directory, ledgerFile);
    const fresh = await missing(path);
    const log = await EventLog.open(path);
    try {
      const state = fresh ? new LedgerState() : await readState(directory);
      const ledger = new Ledger(directory, log, state, check);
      if (fresh || log.position === 0 || (typeof data === 'string' && data !== state.data)) {
        const about = data === undefined ? {} : { data };
        await ledger.append({ type: 'sweep', time: now(), format: ledgerFormat, ...about });
      }
      return ledger;
    } catch (error) {
      await log.close().catch(() => undefined);
      throw error;
    }
  }

  /** The job of a request, where the ledger has it. */
  find(request: WantedJob['request']): Job | undefined {
    return this.byRequest.get(jobKey(request));
  }

  /** Gives a wanted job the next number, unless the ledger has it already. */
  async add(wanted: WantedJob, updates: number, work: number): Promise<Job> {
    const known = this.find(wanted.request);
    if (known !== undefined) return known;
    const job = this.number({ ...wanted, updates, work });
    await this.append(added(job));
    return job;
  }

  /** As {@link add}, for many, which are flushed once. */
  async addAll(wanted: readonly SizedJob[]): Promise<void> {
    const fresh = wanted.flatMap((one) =>
      this.find(one.request) === undefined ? [added(this.number(one))] : [],
    );
    await this.append(...fresh);
  }

  private number({ request, varied, updates, work }: SizedJob): Job {
    const number = ++this.lastNumber;
    const job: Job = { number, name: jobName(number, request, varied), request, updates, work };
    this.byRequest.set(jobKey(request), job);
    return job;
  }

  async started(
    number: number,
    how: {
      launcher: string;
      handle: JsonValue;
      resumed: boolean;
      device: string | null;
    },
  ): Promise<void> {
    await this.append({ type: 'started', time: now(), number, ...how });
  }

  async done(number: number): Promise<void> {
    await this.append({ type: 'done', time: now(), number });
  }

  async failed(number: number, exit: number | null, reason: string): Promise<void> {
    await this.append({ type: 'failed', time: now(), number, exit, reason });
  }

  async interrupted(number: number, reason: string): Promise<void> {
    await this.append({ type: 'interrupted', time: now(), number, reason });
  }

  async cancelled(number: number): Promise<void> {
    await this.append({ type: 'cancelled', time: now(), number });
  }

  async requeued(number: number): Promise<void> {
    await this.append({ type: 'requeued', time: now(), number });
  }

  async heartbeat(running: ReadonlyMap<number, number>): Promise<void> {
    const updates = Object.fromEntries([...running].map(([n, update]) => [String(n), update]));
    await this.append({ type: 'heartbeat', time: now(), running: updates });
  }

  async close(): Promise<void> {
    await this.log.close();
  }

  /** Adds events that go together: they are flushed once. */
  async append(...events: readonly LedgerEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.check();
    for (const event of events) this.log.append(sealed(jsonOf(event) as JsonObject));
    await this.log.flush();
    for (const event of events) this.state.apply(event);
  }
}

/**
 * Makes the folder of a sweep where there is none.
 * @throws NcnError `NCN_SWEEP_NOT_EMPTY` where it holds something else
 */
export async function makeSweepDirectory(directory: string): Promise<void> {
  try {
    await mkdir(join(directory, 'logs'), { recursive: true });
    const names = await readdir(directory);
    const own = new Set([ledgerFile, 'logs', 'lock-beat', 'requests', 'attempts', 'submissions']);
    const other = names.filter(
      (name) => !own.has(name) && !isLockFile(name) && !name.startsWith('.'),
    );
    if (!names.includes(ledgerFile) && other.length > 0) throw sweepDirectoryTaken(directory);
  } catch (error) {
    throw fileSystemRefused('create', directory, error);
  }
}

async function missing(path: string): Promise<boolean> {
  try {
    const { stat } = await import('node:fs/promises');
    await stat(path);
    return false;
  } catch (error) {
    return systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
  }
}

const now = (): string => new Date().toISOString();

const added = (job: Job): LedgerEvent => ({
  type: 'job',
  time: now(),
  ...job,
  request: jobRequestSchema.parse(job.request),
});
