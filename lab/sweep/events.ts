import { z } from 'zod';
import type { JsonValue } from '../../core/run/json.js';
import { jobRequestSchema, type Job } from './job.js';

const json = z.custom<JsonValue>((value) => value !== undefined, 'missing');
const about = { time: z.string(), number: z.int().positive() };

/** The lines of `ledger.jsonl`. The state of a sweep is what they add up to. */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('sweep'),
    time: z.string(),
    format: z.literal([1, 2]),
    /** The folder that all jobs take their data from; null: none was named. A later line counts. */
    data: z.string().nullable().exactOptional(),
  }),
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
  /** Written before jobs are handed to a launcher that queues. */
  z.object({
    type: z.literal('intent'),
    time: z.string(),
    token: z.string(),
    launcher: z.string(),
    /** The launcher's plugin and options, so that any command can make it again. */
    plugin: z.string(),
    options: json,
    numbers: z.array(z.int().positive()),
    /** The most of them that may run at the same time. */
    atOnce: z.int().positive().exactOptional(),
  }),
  /** The launcher has them; a handle for each job of the intent. */
  z.object({
    type: z.literal('accepted'),
    time: z.string(),
    token: z.string(),
    handles: z.array(json),
  }),
  /** The launcher refused them. */
  z.object({ type: z.literal('refused'), time: z.string(), token: z.string() }),
  /** The launcher no longer knows it, and it left no word. */
  z.object({ type: z.literal('lost'), ...about, reason: z.string() }),
  z.object({ type: z.literal('done'), ...about, seconds: z.number().nonnegative().optional() }),
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
export type LedgerEvent = z.infer<typeof eventSchema>;

/**
 * In the ledger of a sweep that stays, a job is `queued` until it is started. Where a launcher
 * queues, it is `queued` until it is `submitted`; a survey then tells more: `planned` (not
 * submitted), `queued` and `running` (as the launcher says), `unknown` (nobody answers, or the job
 * is out of sight and may come back), `lost`.
 */
export const jobStates = [
  ...(['planned', 'submitted', 'queued', 'running', 'done'] as const),
  ...(['failed', 'cancelled', 'lost', 'unknown'] as const),
] as const;
export type JobState = (typeof jobStates)[number];

/** What jobs were handed to a launcher together with. */
export interface IntentRecord {
  readonly token: string;
  readonly launcher: string;
  readonly plugin: string;
  readonly options: JsonValue;
  readonly numbers: readonly number[];
  /** null: as many as there is room for. */
  readonly atOnce: number | null;
  /** Whether the launcher said that it has them. */
  accepted: boolean;
}

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
  /** The submission that it belongs to, where its launcher queues. */
  submission: IntentRecord | null;
  /** Last sign of life that the ledger holds. */
  heartbeat: { readonly time: string; readonly update: number } | null;
}
