import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ledgerDamaged, notASweep, sweepDirectoryTaken } from '../errors/sweep.js';
import { fileSystemRefused, systemCode } from '../../core/errors/run.js';
import { EventLog, readEvents } from '../../core/run/eventlog.js';
import { firstIssue, jsonOf, type JsonObject, type JsonValue } from '../../core/run/json.js';
import { jobKey, jobName, jobRequestSchema, type Job } from './job.js';
import type { WantedJob } from './matrix.js';

const json = z.custom<JsonValue>((value) => value !== undefined, 'missing');
const about = { time: z.string(), number: z.int().positive() };

/** The lines of `ledger.jsonl`. The state of a sweep is what they add up to. */
const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sweep'), time: z.string(), format: z.literal(1) }),
  z.object({
    type: z.literal('job'),
    ...about,
    name: z.string(),
    request: jobRequestSchema,
    updates: z.int().nonnegative(),
    work: z.number().nonnegative(),
  }),
  z.object({
    type: z.literal('started'),
    ...about,
    launcher: z.string(),
    /** How the launcher finds the job again. */
    handle: json,
    resumed: z.boolean(),
    device: z.string().nullable(),
  }),
  z.object({ type: z.literal('done'), ...about }),
  z.object({ type: z.literal('failed'), ...about, exit: z.int().nullable(), reason: z.string() }),
  /** Stopped on the way; it goes on from its checkpoint. */
  z.object({ type: z.literal('interrupted'), ...about, reason: z.string() }),
  z.object({ type: z.literal('cancelled'), ...about }),
  /** Put into the queue again after it had failed or was cancelled. */
  z.object({ type: z.literal('requeued'), ...about }),
  z.object({
    type: z.literal('heartbeat'),
    time: z.string(),
    /** Updates done, by job number. */
    running: z.record(z.string(), z.int().nonnegative()),
  }),
]);
type Event = z.infer<typeof eventSchema>;

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** A job and how it stands. */
export interface JobRecord {
  readonly job: Job;
  state: JobState;
  /** When it came to be so, ISO 8601. */
  since: string;
  /** How often it was started. */
  starts: number;
  /** Why it failed or was interrupted. */
  reason: string | null;
  handle: JsonValue;
  /** Name of the launcher that started it last. */
  launcher: string | null;
  device: string | null;
  /** Seconds between starts and ends, over all its starts. */
  seconds: number;
  /** Last sign of life that the ledger holds. */
  heartbeat: { readonly time: string; readonly update: number } | null;
}

export const ledgerFile = 'ledger.jsonl';

/** Where sweeps are kept unless told otherwise, and the files of one. */
export const jobLog = (sweep: string, name: string): string => join(sweep, 'logs', `${name}.log`);

/** Adds an event to what the ones before it came to. */
function apply(records: Map<number, JobRecord>, event: Event): void {
  if (event.type === 'sweep') return;
  if (event.type === 'heartbeat') {
    for (const [number, update] of Object.entries(event.running)) {
      const record = records.get(Number(number));
      if (record !== undefined) record.heartbeat = { time: event.time, update };
    }
    return;
  }
  if (event.type === 'job') {
    const { number, name, request, updates, work, time } = event;
    records.set(number, {
      job: { number, name, request, updates, work },
      state: 'queued',
      since: time,
      starts: 0,
      reason: null,
      handle: null,
      launcher: null,
      device: null,
      seconds: 0,
      heartbeat: null,
    });
    return;
  }
  const record = records.get(event.number);
  if (record === undefined) return;
  if (record.state === 'running') {
    record.seconds += Math.max(0, Date.parse(event.time) - Date.parse(record.since)) / 1000;
  }
  record.since = event.time;
  record.reason = 'reason' in event ? event.reason : null;
  switch (event.type) {
    case 'started':
      record.state = 'running';
      record.starts += 1;
      record.handle = event.handle;
      record.launcher = event.launcher;
      record.device = event.device;
      break;
    case 'interrupted':
    case 'requeued':
      record.state = 'queued';
      break;
    default:
      record.state = event.type;
  }
}

/**
 * What a sweep's ledger says, by job number. Changes nothing; may be called while the sweep runs.
 * @throws NcnError where the folder is no sweep, or the ledger is damaged
 */
export async function readLedger(directory: string): Promise<Map<number, JobRecord>> {
  const path = join(directory, ledgerFile);
  const records = new Map<number, JobRecord>();
  let line = 0;
  try {
    for await (const value of readEvents(path)) {
      line += 1;
      const event = eventSchema.safeParse(value);
      if (!event.success) throw ledgerDamaged(path, `line ${line}: ${firstIssue(event.error)}`);
      apply(records, event.data);
    }
  } catch (error) {
    if (line === 0 && (await missing(path))) throw notASweep(resolve(directory));
    throw error;
  }
  return records;
}

/**
 * The durable state of a sweep: an append-only log of what happened to its jobs, flushed to the
 * disk before anything depends on it. For the holder of the sweep's lock.
 */
export class Ledger {
  readonly records: ReadonlyMap<number, JobRecord>;

  private constructor(
    readonly directory: string,
    private readonly log: EventLog,
    private readonly state: Map<number, JobRecord>,
  ) {
    this.records = state;
  }

  /**
   * Opens the ledger of a sweep, or begins one in a folder that is new or empty.
   * @throws NcnError where the folder holds something else, or the ledger is damaged
   */
  static async open(directory: string): Promise<Ledger> {
    const path = join(directory, ledgerFile);
    const fresh = await missing(path);
    const log = await EventLog.open(path);
    try {
      const state = fresh ? new Map<number, JobRecord>() : await readLedger(directory);
      const ledger = new Ledger(directory, log, state);
      if (fresh || log.position === 0) {
        await ledger.append({ type: 'sweep', time: now(), format: 1 });
      }
      return ledger;
    } catch (error) {
      await log.close().catch(() => undefined);
      throw error;
    }
  }

  /** The job of a request, where the ledger has it. */
  find(request: WantedJob['request']): Job | undefined {
    const key = jobKey(request);
    return [...this.state.values()].find(({ job }) => jobKey(job.request) === key)?.job;
  }

  /** Gives a wanted job the next number, unless the ledger has it already. */
  async add(wanted: WantedJob, updates: number, work: number): Promise<Job> {
    const known = this.find(wanted.request);
    if (known !== undefined) return known;
    const number = Math.max(0, ...this.state.keys()) + 1;
    const name = jobName(number, wanted.request, wanted.varied);
    const job: Job = { number, name, request: wanted.request, updates, work };
    await this.append({
      type: 'job',
      time: now(),
      ...job,
      request: jobRequestSchema.parse(wanted.request),
    });
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

  private async append(event: Event): Promise<void> {
    this.log.append(jsonOf(event) as JsonObject);
    await this.log.flush();
    apply(this.state, event);
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
    const own = new Set([ledgerFile, 'logs', 'lock.json', 'requests']);
    const other = names.filter((name) => !own.has(name) && !name.startsWith('.'));
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
