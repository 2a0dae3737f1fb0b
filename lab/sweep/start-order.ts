import type { JobRecord } from './events.js';
import type { Ledger } from './ledger.js';

/**
 * Which job is started next: round by round of seeds; in a round the longest first, so that no
 * core idles at the end. Over a whole sweep this takes the time of one sort.
 */
export class StartOrder {
  private order: JobRecord[] = [];
  /** None before it is queued. */
  private from = 0;

  constructor(private readonly ledger: Pick<Ledger, 'records' | 'counts'>) {}

  next(): JobRecord | undefined {
    const { records, counts } = this.ledger;
    if (counts.queued === 0) return undefined;
    if (this.order.length !== records.size) {
      this.order = [...records.values()].sort(
        ({ job: a }, { job: b }) =>
          a.request.seed - b.request.seed || b.work - a.work || a.number - b.number,
      );
      this.from = 0;
    }
    while (this.order[this.from] !== undefined && this.order[this.from]?.state !== 'queued') {
      this.from += 1;
    }
    return this.order[this.from];
  }

  /** To be called where a job was put back into the queue. */
  again(): void {
    this.from = 0;
  }
}
