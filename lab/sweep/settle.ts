import type { JobRecord, LedgerEvent } from './events.js';
import type { Ledger } from './ledger.js';
import type { Survey } from './survey.js';

const now = (): string => new Date().toISOString();

/** Writes to the ledger what a survey found out for good. For the holder of the sweep's lock. */
export async function settle(ledger: Ledger, found: Survey): Promise<void> {
  await ledger.append(...settlement(ledger.records, found));
}

/** What there is to write down: what the ledger does not have yet. */
export function settlement(
  records: ReadonlyMap<number, JobRecord>,
  found: Survey,
): readonly LedgerEvent[] {
  const events: LedgerEvent[] = [...found.found].map(([token, handles]) => ({
    type: 'accepted',
    time: now(),
    token,
    handles: [...handles],
  }));
  for (const [number, record] of found.records) {
    const before = records.get(number);
    if (before === undefined || before.submission === null || before.state === record.state)
      continue;
    const event = settled(number, record, found);
    if (event !== undefined) events.push(event);
  }
  return events;
}

function settled(
  number: number,
  { state, reason, seconds }: JobRecord,
  found: Survey,
): LedgerEvent | undefined {
  const about = { time: now(), number };
  switch (state) {
    case 'done':
      return { type: 'done', ...about, seconds };
    case 'failed':
      return { type: 'failed', ...about, exit: null, reason: reason ?? 'no reason given' };
    case 'lost':
      return { type: 'lost', ...about, reason: reason ?? 'it is not in the queue' };
    case 'planned':
      return found.yielded.has(number)
        ? { type: 'interrupted', ...about, reason: reason ?? 'it saved its state' }
        : undefined;
    default:
      return undefined;
  }
}
