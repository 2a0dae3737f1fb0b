import { formatDuration } from '../../core/services/format.js';
import type { RunLog } from '../../core/services/log.js';
import type { Terminal } from '../../core/services/terminal.js';
import { inOneLine } from '../harmless.js';
import type { JobRecord } from './events.js';
import type { Happening } from './happening.js';
import type { StateCounts } from './ledger-state.js';
import { describeCounts, describeJob, Forecast, progressOf, totalWork } from './view.js';

/** Milliseconds between progress lines where nobody sees one change in place. */
const lineMs = 30_000;
/** And where one does. */
const drawMs = 200;

/** What a reporter tells of. */
export interface Shown {
  readonly records: () => Iterable<JobRecord>;
  /** Of the records, by state: asked for each line. */
  readonly counts: () => Readonly<StateCounts>;
}

/** Tells the user how a sweep goes: a line for everything that happens, and progress over all. */
export class SweepReporter {
  private readonly forecast = new Forecast();
  private shownAt = 0;
  private drawnAt = 0;

  constructor(
    private readonly ledger: Shown,
    private readonly terminal: Terminal,
    private readonly log: RunLog,
  ) {}

  readonly observe = (happened: Happening): void => {
    if (happened.kind === 'tick') this.tick(happened.updates);
    else if (happened.kind === 'started') {
      const { record, how } = happened;
      const what = {
        new: 'started',
        resumed: 'resumed',
        adopted: 'is still running from before; watching it',
      }[how];
      const device = record.device === null ? '' : ` on device ${record.device}`;
      this.terminal.line(`${record.job.name} ${what}${device}`);
      this.event(happened.kind, record, { how, device: record.device });
    } else if (happened.kind === 'damaged request') {
      this.log.logger.warn(
        `requests/${happened.file} made no sense, and is gone: what it asked for (a cancel or a retry) was not done`,
      );
    } else if (happened.kind === 'giving up') {
      const { jobs, leaving } = happened;
      this.log.logger.warn(
        `the sweep cannot go on; ${leaving ? 'its jobs are left to the process that took it over' : 'its jobs are asked to save their state and end'}: ${jobs.join(', ')}`,
      );
    } else this.ended(happened.kind, happened.record);
  };

  private ended(kind: string, record: JobRecord): void {
    const { terminal, log } = this;
    const { name } = record.job;
    const reason = record.reason === null ? undefined : inOneLine(record.reason);
    if (kind === 'failed') {
      log.logger.warn(`${name} failed: ${reason ?? 'no reason given'}; see logs/${name}.log`);
    } else if (kind === 'interrupted') {
      terminal.line(`${name} interrupted: ${reason ?? ''}; it will go on`);
    } else if (kind === 'done') {
      terminal.line(`${name} done in ${formatDuration(record.seconds)}; ${this.counts()}`);
    } else terminal.line(`${name} ${kind}`);
    this.event(kind, record, { reason: record.reason });
  }

  private tick(updates: ReadonlyMap<number, number>): void {
    const { terminal } = this;
    const now = performance.now();
    const due = now - this.shownAt >= lineMs;
    // All jobs are looked at: not after each one that ends.
    if (!due && (!terminal.interactive || now - this.drawnAt < drawMs)) return;
    this.drawnAt = now;
    const records = [...this.ledger.records()];
    const work = totalWork(records, updates);
    const rest = this.forecast.remaining(work);
    const share = work.wanted === 0 ? 0 : (100 * work.done) / work.wanted;
    const eta = rest === undefined ? '' : `  ETA ${formatDuration(rest)}`;
    const summary = `${share.toFixed(1)} %  ${this.counts()}${eta}`;
    const running = records.filter(({ state }) => state === 'running');
    if (terminal.interactive) {
      const lines = running.map(
        (record) => `  ${record.job.name}  ${describeJob(record, updates.get(record.job.number))}`,
      );
      terminal.progress([summary, ...lines].join('\n'));
    }
    if (!due) return;
    this.shownAt = now;
    if (!terminal.interactive) terminal.line(summary);
    terminal.event({
      type: 'progress',
      share: share / 100,
      secondsLeft: rest ?? null,
      running: running.map((record) => ({
        number: record.job.number,
        job: record.job.name,
        update: updates.get(record.job.number) ?? null,
        share: progressOf(record, updates.get(record.job.number)),
      })),
    });
  }

  private counts(): string {
    return describeCounts(this.ledger.counts());
  }

  private event(
    type: string,
    { job, state }: JobRecord,
    more: Record<string, string | null>,
  ): void {
    this.terminal.event({ type, number: job.number, job: job.name, state, ...more });
  }
}
