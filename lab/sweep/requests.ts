import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fileSystemRefused, systemCode } from '../../core/errors/run.js';
import { writeFileAtomic } from '../../core/run/atomic.js';
import { canonicalJson, parseJson } from '../../core/run/json.js';
import type { JobRecord, LedgerEvent } from './events.js';
import type { Ledger } from './ledger.js';

const requestSchema = z.strictObject({
  action: z.enum(['retry', 'cancel']),
  jobs: z.array(z.int().positive()),
});

/** What another process asks of the one that holds the sweep. */
export type SweepRequest = Readonly<z.infer<typeof requestSchema>>;

const folderOf = (sweep: string): string => join(sweep, 'requests');

/**
 * Leaves a request for the process that runs the sweep.
 * @returns its file, which is gone once that process has taken it
 * @throws NcnError where it cannot be written
 */
export async function leaveRequest(sweep: string, request: SweepRequest): Promise<string> {
  const folder = folderOf(sweep);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileSystemRefused('create', folder, error);
  }
  const name = `${Date.now()}-${randomBytes(4).toString('hex')}.json`;
  const path = join(folder, name);
  await writeFileAtomic(path, canonicalJson({ ...request, jobs: [...request.jobs] }));
  return path;
}

/** What was left for the process that runs the sweep. */
export interface LeftRequests {
  /** Oldest first. */
  readonly requests: readonly SweepRequest[];
  /** Files that made no sense, and are gone. */
  readonly damaged: readonly string[];
}

/** Takes the requests that were left. One that makes no sense is dropped, and named. */
export async function takeRequests(sweep: string): Promise<LeftRequests> {
  const folder = folderOf(sweep);
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => /^\d+-[0-9a-f]{8}\.json$/.test(name)).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { requests: [], damaged: [] };
    throw fileSystemRefused('read', folder, error);
  }
  const requests: SweepRequest[] = [];
  const damaged: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    try {
      const parsed = requestSchema.safeParse(parseJson(await readFile(path, 'utf8')));
      if (parsed.success) requests.push(parsed.data);
      else damaged.push(name);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw fileSystemRefused('read', path, error);
      damaged.push(name);
    }
    await rm(path, { force: true });
  }
  return { requests, damaged };
}

/** What a request came to. */
export interface Applied {
  /** Jobs that are running and to be stopped. */
  readonly running: readonly JobRecord[];
  /** Jobs that were not running, and are cancelled now. */
  readonly cancelled: readonly JobRecord[];
}

/** Carries out a request on jobs that are not running. */
export async function applyRequest(ledger: Ledger, request: SweepRequest): Promise<Applied> {
  const running: JobRecord[] = [];
  const cancelled: JobRecord[] = [];
  const time = new Date().toISOString();
  const events: LedgerEvent[] = [];
  for (const number of new Set(request.jobs)) {
    const record = ledger.records.get(number);
    if (record === undefined) continue;
    const { state } = record;
    if (request.action === 'retry') {
      if (state === 'failed' || state === 'cancelled' || state === 'lost')
        events.push({ type: 'requeued', time, number });
    } else if (state === 'queued' || state === 'failed' || state === 'lost') {
      events.push({ type: 'cancelled', time, number });
      cancelled.push(record);
    } else if (state === 'running' || state === 'submitted') running.push(record);
  }
  await ledger.append(...events);
  return { running, cancelled };
}
