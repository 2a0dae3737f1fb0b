import { jobStates, type IntentRecord, type JobRecord, type JobState } from './events.js';
import type { LedgerEvent } from './events.js';

/** How many jobs are in each state. */
export type StateCounts = Record<JobState, number>;

export const noCounts = (): StateCounts => {
  const zero: Partial<StateCounts> = {};
  for (const state of jobStates) zero[state] = 0;
  return zero as StateCounts;
};

/** What the lines of a ledger add up to, each in a time that does not depend on those before it. */
export class LedgerState {
  /** By job number. */
  readonly records = new Map<number, JobRecord>();
  readonly counts = noCounts();
  /** The folder of the data; null: none was named; undefined: the ledger does not say. */
  data: string | null | undefined;
  private readonly submissions = new Map<string, IntentRecord>();

  /** Adds an event to what the ones before it came to. */
  apply(event: LedgerEvent): void {
    switch (event.type) {
      case 'sweep':
        if (event.data !== undefined) this.data = event.data;
        return;
      case 'heartbeat':
        for (const [number, update] of Object.entries(event.running)) {
          const record = this.records.get(Number(number));
          if (record !== undefined) record.heartbeat = { time: event.time, update };
        }
        return;
      case 'intent': {
        this.intend(event);
        return;
      }
      case 'accepted':
      case 'refused': {
        this.answer(event);
        return;
      }
      case 'job': {
        this.addJob(event);
        return;
      }
      default:
        this.change(event);
    }
  }

  private enter(record: JobRecord, state: JobState): void {
    this.counts[record.state] -= 1;
    record.state = state;
    this.counts[state] += 1;
  }

  private addJob({ number, name, request, updates, work, time }: EventOf<'job'>): void {
    this.counts.queued += 1;
    this.records.set(number, {
      job: { number, name, request, updates, work },
      state: 'queued',
      since: time,
      starts: 0,
      reason: null,
      handle: null,
      launcher: null,
      device: null,
      seconds: 0,
      submission: null,
      heartbeat: null,
    });
  }

  private change(event: EventOf<ChangeType>): void {
    const record = this.records.get(event.number);
    if (record === undefined) return;
    if (record.state === 'running') {
      record.seconds += Math.max(0, Date.parse(event.time) - Date.parse(record.since)) / 1000;
    }
    record.since = event.time;
    record.reason = 'reason' in event ? event.reason : null;
    switch (event.type) {
      case 'started':
        this.enter(record, 'running');
        record.starts += 1;
        record.handle = event.handle;
        record.launcher = event.launcher;
        record.device = event.device;
        break;
      case 'interrupted':
      case 'requeued':
        this.enter(record, 'queued');
        break;
      case 'done':
        this.enter(record, 'done');
        record.seconds += event.seconds ?? 0;
        break;
      default:
        this.enter(record, event.type);
    }
  }

  private intend(event: EventOf<'intent'>): void {
    const { token, launcher, plugin, options, numbers, atOnce = null, time } = event;
    const about = { token, launcher, plugin, options, numbers, atOnce };
    const submission: IntentRecord = { ...about, accepted: false };
    this.submissions.set(token, submission);
    for (const number of numbers) {
      const record = this.records.get(number);
      if (record === undefined) continue;
      this.enter(record, 'submitted');
      Object.assign(record, { since: time, reason: null, handle: null, submission, launcher });
    }
  }

  private answer(event: EventOf<'accepted' | 'refused'>): void {
    const submission = this.submissions.get(event.token);
    if (submission === undefined) return;
    submission.accepted = event.type === 'accepted';
    submission.numbers.forEach((number, i) => {
      const record = this.records.get(number);
      if (record?.submission !== submission) return;
      if (event.type === 'accepted') record.handle = event.handles[i] ?? null;
      else if (record.state === 'submitted') this.enter(record, 'queued');
    });
  }
}

type EventOf<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { type: Type }>;
type ChangeType = Exclude<
  LedgerEvent['type'],
  'sweep' | 'heartbeat' | 'intent' | 'accepted' | 'refused' | 'job'
>;
