import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NcnError } from '../../core/errors/error.js';
import type { Launcher, LaunchRequest, Submission } from '../../core/plugins/launcher.js';
import { canonicalJson, jsonOf, type JsonValue } from '../../core/run/json.js';
import { makeFolder } from '../files.js';
import { newToken } from '../launch/watched.js';
import { refuseOther } from './adopt.js';
import type { JobRecord } from './events.js';
import { dataArguments, type Job } from './job.js';
import { jobLog, Ledger, makeSweepDirectory } from './ledger.js';
import type { PlannedJob } from './plan.js';
import { requeueDamaged } from './recheck.js';
import { settle } from './settle.js';
import { surveyTwice, type Survey } from './survey.js';
import { SweepLock, type SweepLockOptions } from './sweep-lock.js';

const main = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** A launcher that queues, and how another command makes it again. */
export interface ChosenLauncher {
  readonly launcher: Launcher;
  readonly plugin: string;
  readonly options: JsonValue;
}

export interface SubmitParts {
  readonly directory: string;
  /** Jobs to add to those that the sweep has. */
  readonly jobs: readonly PlannedJob[];
  readonly chosen: ChosenLauncher;
  /** The most that may run at the same time; null: as many as there is room for. */
  readonly atOnce: number | null;
  /** Folder that the jobs take their data from, where one was named. */
  readonly data?: string;
  readonly say: (line: string) => void;
  readonly lock?: SweepLockOptions;
  readonly debug: (message: string) => void;
}

export interface Submitted {
  readonly token: string;
  readonly jobs: number;
  /** Handle of its first job. */
  readonly first: JsonValue;
}

/**
 * Hands every job of a sweep that is neither done, failed, cancelled nor under way to a launcher
 * that queues, and leaves. What it intends is in the ledger before it asks, and that it was heard
 * after it.
 * @throws NcnError where the launcher refuses or does not answer: the ledger knows
 */
export async function submitSweep(
  parts: SubmitParts,
): Promise<{ readonly submitted: Submitted[]; readonly records: readonly JobRecord[] }> {
  const directory = resolve(parts.directory);
  const { launcher } = parts.chosen;
  await makeSweepDirectory(directory);
  for (const folder of ['attempts', 'submissions']) await makeFolder(join(directory, folder));
  const lock = await SweepLock.take(directory, parts.debug, parts.lock);
  try {
    const ledger = await Ledger.open(directory, lock.check, parts.data ?? null);
    try {
      // What runs here is no affair of a queue: nobody would ever see it end.
      for (const record of ledger.records.values()) {
        if (record.state === 'running') refuseOther(launcher, record);
      }
      await requeueDamaged(ledger, parts.say, { statesToo: false });
      await ledger.addAll(parts.jobs);
      const found = await surveyTwice(directory, ledger.records, launcher, (jobs, seconds) =>
        parts.say(`${jobs} jobs are in no queue and left no word; looking again in ${seconds} s`),
      );
      await settle(ledger, found);
      const due = [...ledger.records.values()].filter(
        ({ state }) => state === 'queued' || state === 'lost',
      );
      const submitted = await submitAll(ledger, due, directory, parts);
      return { submitted, records: [...ledger.records.values()] };
    } finally {
      await ledger.close();
    }
  } finally {
    await lock.release();
  }
}

async function submitAll(
  ledger: Ledger,
  due: readonly JobRecord[],
  directory: string,
  parts: SubmitParts,
): Promise<Submitted[]> {
  const { launcher, plugin, options } = parts.chosen;
  const submitted: Submitted[] = [];
  for (const part of share(
    due.map(({ job }) => job),
    launcher.most,
    parts.atOnce,
  )) {
    const token = newToken();
    const earlier = part.after === null ? undefined : submitted[part.after];
    const submission: Submission = {
      token,
      jobs: part.jobs.map((job) => launchOf(job, token, directory, parts)),
      atOnce: part.atOnce,
      folder: join(directory, 'submissions'),
      ...(earlier === undefined ? {} : { after: earlier.first }),
    };
    const time = new Date().toISOString();
    const numbers = part.jobs.map(({ number }) => number);
    await ledger.append({
      type: 'intent',
      time,
      token,
      launcher: launcher.name,
      plugin,
      options,
      numbers,
      ...(parts.atOnce === null ? {} : { atOnce: parts.atOnce }),
    });
    const handles = await handIn(submission, launcher, ledger);
    await ledger.append({
      type: 'accepted',
      time: new Date().toISOString(),
      token,
      handles: [...handles],
    });
    submitted.push({ token, jobs: part.jobs.length, first: handles[0] ?? null });
  }
  return submitted;
}

/** What is refused is asked for all the same: not every message of a scheduler is known here. */
async function handIn(
  submission: Submission,
  launcher: Launcher,
  ledger: Ledger,
): Promise<readonly JsonValue[]> {
  const { token, jobs } = submission;
  try {
    return await launcher.submit(submission);
  } catch (error) {
    if (error instanceof NcnError && error.code === 'NCN_LAUNCHER_SILENT') throw error;
    const there = await launcher.find(token, jobs.length);
    if (there?.some((handle) => handle !== null) === true) return there;
    // Where nobody answers, the intent stands: the next command looks for it.
    if (there !== undefined) {
      await ledger.append({ type: 'refused', time: new Date().toISOString(), token });
    }
    throw error;
  }
}

interface Part<T> {
  readonly jobs: readonly T[];
  readonly atOnce: number | null;
  /** Index of the part that must be over first. */
  readonly after: number | null;
}

/**
 * Splits jobs into submissions of at most `most`, which together never run more than `atOnce` at a
 * time: they share that number, and where it is too small for all, they wait for each other.
 */
export function share<T>(jobs: readonly T[], most: number, atOnce: number | null): Part<T>[] {
  const count = Math.ceil(jobs.length / most);
  const lanes = atOnce === null ? count : Math.min(count, atOnce);
  return Array.from({ length: count }, (_, i) => {
    const lane = i % lanes;
    const own =
      atOnce === null ? null : Math.floor(atOnce / lanes) + (lane < atOnce % lanes ? 1 : 0);
    return {
      jobs: jobs.slice(i * most, (i + 1) * most),
      atOnce: own,
      after: i < lanes ? null : i - lanes,
    };
  });
}

/** The command of a job that works wherever it is started, and goes on where it was. */
function launchOf(
  { name, request }: Job,
  token: string,
  directory: string,
  { chosen, data }: Pick<SubmitParts, 'chosen' | 'data'>,
): LaunchRequest {
  const threads = chosen.launcher.threads ?? 1;
  return {
    name,
    command: [
      ...([process.execPath, main, 'sweep', 'work', directory, '--job', name] as const),
      ...['--token', token, '--request', canonicalJson(jsonOf(request))],
      ...['--threads', String(threads), ...dataArguments(data)],
    ],
    cwd: process.cwd(),
    log: jobLog(directory, name),
    threads,
    device: null,
  };
}

/** Writes down what a survey found out for good, unless another process is at the ledger. */
export async function record(
  directory: string,
  found: Survey,
  debug: (message: string) => void,
): Promise<void> {
  let lock: SweepLock;
  try {
    lock = await SweepLock.take(directory, debug);
  } catch (error) {
    // Somebody else writes, or this user may only read: it is found out again.
    if (error instanceof NcnError) return;
    throw error;
  }
  try {
    const ledger = await Ledger.open(directory, lock.check);
    try {
      await settle(ledger, found);
    } finally {
      await ledger.close();
    }
  } finally {
    await lock.release();
  }
}

/** What would be handed over, as text. @param jobs those that are due */
export async function previewSweep(
  jobs: readonly Job[],
  parts: Omit<SubmitParts, 'jobs' | 'say' | 'debug'>,
): Promise<string[]> {
  const directory = resolve(parts.directory);
  const { launcher } = parts.chosen;
  const texts: string[] = [];
  for (const part of share(jobs, launcher.most, parts.atOnce)) {
    const token = 'ncn-0000000000000000';
    const text = await launcher.preview?.({
      token,
      jobs: part.jobs.map((job) => launchOf(job, token, directory, parts)),
      atOnce: part.atOnce,
      folder: join(directory, 'submissions'),
    });
    if (text !== undefined) texts.push(text);
  }
  return texts;
}
