import { setTimeout as sleep } from 'node:timers/promises';
import type { Launcher, Sighting } from '../../core/plugins/launcher.js';
import type { JsonValue } from '../../core/run/json.js';
import { Attempts, type Attempt } from './attempts.js';
import type { JobRecord } from './events.js';
import { isPublished } from './ownership.js';

/** How the jobs of a sweep stand that were handed to a launcher that queues. */
export interface Survey {
  /** Every record; those that were handed over as they stand now. */
  readonly records: ReadonlyMap<number, JobRecord>;
  /** Handles of submissions whose acknowledgement got lost, by token. */
  readonly found: ReadonlyMap<string, readonly JsonValue[]>;
  /** Jobs that the launcher does not know and that left no word. Once is not enough to say so. */
  readonly missing: ReadonlySet<number>;
  /** Jobs that saved their state and are in no queue. */
  readonly yielded: ReadonlySet<number>;
  /** False where the launcher was asked and did not answer. */
  readonly answered: boolean;
  /** The number of the last attempt, by job number. */
  readonly attempts: ReadonlyMap<number, number>;
}

interface Seen {
  readonly sightings: ReadonlyMap<number, Sighting>;
  readonly found: Map<string, readonly JsonValue[]>;
  readonly answered: boolean;
}

const isOut = ({ state, submission }: JobRecord): boolean =>
  submission !== null && (state === 'submitted' || state === 'lost');

/** Whether the sweep was ever handed to a launcher that queues. */
export const wasSubmitted = (records: Iterable<JobRecord>): boolean =>
  [...records].some(({ submission }) => submission !== null);

/**
 * Looks at every job that was handed over: first asks the launcher, once for all, then reads what
 * the jobs left, so that a job that ends in between is seen by its word.
 * @param launcher undefined: it is not asked, and what is not over is as the ledger says
 * @throws NcnError where the sweep's folder cannot be read
 */
export async function survey(
  directory: string,
  records: ReadonlyMap<number, JobRecord>,
  launcher: Launcher | undefined,
): Promise<Survey> {
  const out = [...records.values()].filter(isOut);
  const seen = await look(out, launcher);
  const attempts = new Attempts(directory);
  const all = out.length === 0 ? new Map<string, Attempt[]>() : await attempts.list();
  const stand = new Map(records);
  const missing = new Set<number>();
  const yielded = new Set<number>();
  const last = new Map<number, number>();
  const submitted = wasSubmitted(records.values());
  for (const record of records.values()) {
    const { number } = record.job;
    if (submitted && record.state === 'queued') stand.set(number, { ...record, state: 'planned' });
  }
  await someAtATime(out, async (record) => {
    const { number, name } = record.job;
    const mine = all.get(name) ?? [];
    const newest = mine.at(-1);
    if (newest !== undefined) last.set(number, newest.number);
    const now = await standing(record, mine, seen.sightings.get(number), attempts);
    stand.set(number, { ...record, starts: mine.length, ...now });
    if (now.out === 'missing') missing.add(number);
    if (now.out === 'yielded') yielded.add(number);
  });
  return {
    records: stand,
    found: seen.found,
    missing,
    yielded,
    answered: seen.answered,
    attempts: last,
  };
}

/** Each waits for a file system that may be far away. */
async function someAtATime<T>(
  items: readonly T[],
  look: (item: T) => Promise<void>,
  atOnce = 32,
): Promise<void> {
  for (let i = 0; i < items.length; i += atOnce) {
    await Promise.all(items.slice(i, i + atOnce).map(look));
  }
}

interface Standing {
  readonly state: JobRecord['state'];
  readonly reason: string | null;
  readonly seconds?: number;
  readonly out?: 'missing' | 'yielded';
}

async function standing(
  record: JobRecord,
  mine: readonly Attempt[],
  sighting: Sighting | undefined,
  attempts: Attempts,
): Promise<Standing> {
  const { name } = record.job;
  const newest = mine.at(-1);
  const ofNow = async ({ number }: Attempt): Promise<boolean> =>
    (await attempts.start(name, number))?.token === record.submission?.token;
  const done = mine.findLast(({ end }) => end === 'done');
  // Results of a submission before this one may have been damaged since, so that the job is out again.
  if (done !== undefined && ((await ofNow(done)) || (await isPublished(attempts.sweep, name)))) {
    const ending = await attempts.ending(name, done);
    return { state: 'done', reason: null, seconds: ending?.seconds ?? 0 };
  }
  const ended = newest?.end ?? null;
  // Of attempts before a retry nothing follows.
  const current = newest !== undefined && ended !== null && (await ofNow(newest));
  if (newest !== undefined && current && (ended === 'failed' || ended === 'stalled')) {
    const reason = (await attempts.ending(name, newest))?.reason ?? 'no reason given';
    return { state: 'failed', reason };
  }
  const before = newest === undefined ? null : await wordOf(name, newest, attempts);
  switch (sighting?.kind) {
    case undefined:
      return { state: record.state === 'lost' ? 'lost' : 'submitted', reason: record.reason };
    case 'queued':
      return { state: 'queued', reason: sighting.why ?? before };
    case 'running':
      return { state: 'running', reason: sighting.where };
    case 'ended':
    case 'absent': {
      if (current && ended === 'yielded') {
        return { state: 'unknown', reason: before ?? 'it saved its state', out: 'yielded' };
      }
      if (newest !== undefined && (await isPublished(attempts.sweep, name))) {
        return { state: 'done', reason: null };
      }
      if (record.state === 'lost') return { state: 'lost', reason: record.reason };
      const over = sighting.kind === 'ended' ? sighting.why : null;
      return {
        state: 'unknown',
        reason: over === null ? 'it is not in the queue' : `the launcher says ${over}`,
        out: 'missing',
      };
    }
  }
}

async function wordOf(name: string, attempt: Attempt, attempts: Attempts): Promise<string | null> {
  return (await attempts.ending(name, attempt))?.reason ?? null;
}

/** Asks the launcher. */
async function look(out: readonly JobRecord[], launcher: Launcher | undefined): Promise<Seen> {
  const found = new Map<string, readonly JsonValue[]>();
  const sightings = new Map<number, Sighting>();
  if (launcher === undefined || out.length === 0) return { found, sightings, answered: true };
  const handles = new Map<number, JsonValue>();
  let answered = true;
  const unanswered = new Set(
    out.flatMap(({ submission }) => (submission?.accepted === false ? [submission] : [])),
  );
  for (const { token, numbers } of unanswered) {
    const there = await launcher.find(token, numbers.length);
    if (there === undefined) answered = false;
    else if (there.some((handle) => handle !== null)) {
      found.set(token, there);
      numbers.forEach((number, i) => handles.set(number, there[i] ?? null));
    }
  }
  const asked = out.filter(({ submission }) => submission?.accepted !== undefined);
  const polled = await launcher.poll(
    asked.map(({ job, handle }) => handles.get(job.number) ?? handle),
  );
  for (const [i, { job }] of asked.entries()) {
    const sighting = polled?.[i];
    if (sighting !== undefined) sightings.set(job.number, sighting);
  }
  return { found, sightings, answered: answered && polled !== undefined };
}

/**
 * As {@link survey}; jobs that are out of sight are looked for once more after the launcher's
 * grace, and those that stay so are lost, or, where they saved their state, back in the plan.
 * @param waiting is told before it waits
 * @param signal ends the wait; there is no second look then
 */
export async function surveyTwice(
  directory: string,
  records: ReadonlyMap<number, JobRecord>,
  launcher: Launcher,
  waiting: (jobs: number, seconds: number) => void,
  signal?: AbortSignal,
): Promise<Survey> {
  const first = await survey(directory, records, launcher);
  const doubtful = first.missing.size + first.yielded.size;
  if (doubtful === 0) return named(first, records);
  waiting(doubtful, launcher.grace / 1000);
  await sleep(launcher.grace, undefined, { signal }).catch(() => undefined);
  if (signal?.aborted === true) return named(first, records);
  const second = await survey(directory, records, launcher);
  const both = (a: ReadonlySet<number>, b: ReadonlySet<number>) =>
    new Set([...a].filter((number) => b.has(number)));
  return named(
    {
      ...second,
      missing: both(second.missing, first.missing),
      yielded: both(second.yielded, first.yielded),
    },
    records,
    true,
  );
}

/** Gives jobs that nobody answers for, and those that are surely out of sight, their names. */
function named(survey: Survey, before: ReadonlyMap<number, JobRecord>, sure = false): Survey {
  const records = new Map(survey.records);
  for (const [number, record] of records) {
    if (!survey.answered && record.state === 'submitted' && before.get(number)?.submission) {
      records.set(number, { ...record, state: 'unknown', reason: 'the launcher does not answer' });
    }
    if (!sure || !survey.answered) continue;
    if (survey.missing.has(number)) records.set(number, { ...record, state: 'lost' });
    if (survey.yielded.has(number)) records.set(number, { ...record, state: 'planned' });
  }
  return { ...survey, records };
}
