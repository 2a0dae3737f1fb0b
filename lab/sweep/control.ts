import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NcnError } from '../../core/errors/error.js';
import type { Launcher } from '../../core/plugins/launcher.js';
import { holderOf } from '../../core/run/lock.js';
import { isThere } from '../files.js';
import { Watcher } from '../launch/watched.js';
import { adopt, refuseOther } from './adopt.js';
import type { JobRecord } from './events.js';
import { untilFree } from './holder.js';
import { Ledger } from './ledger.js';
import { applyRequest, leaveRequest, takeRequests, type SweepRequest } from './requests.js';
import { runState } from './run-state.js';
import { settle } from './settle.js';
import { survey } from './survey.js';
import { isStill, SweepLock, type SweepLockOptions } from './sweep-lock.js';

/** Milliseconds to wait for another command on the same sweep. */
const commandPatience = 5000;
/** Milliseconds between looks whether a request was taken. */
const lookEvery = 100;

/** How long a request waits for others. */
export interface RequestOptions extends SweepLockOptions {
  /** Milliseconds for which a holder on another machine that lives cannot be silent. */
  readonly silence?: number;
  /** Milliseconds in which a sweep that runs takes a request. */
  readonly answer?: number;
}

/** Cancelled are those of which the launcher has heard it; they end in their own time. */
async function cancelQueued(
  ledger: Ledger,
  records: readonly JobRecord[],
  launcher: Launcher,
): Promise<void> {
  if (records.length === 0) return;
  const { directory } = ledger;
  await settle(ledger, await survey(directory, ledger.records, launcher));
  const out = records.filter(({ state }) => state === 'submitted');
  await launcher.stop(out.map(({ handle }) => handle));
  const time = new Date().toISOString();
  await ledger.append(
    ...out.map(({ job }) => ({ type: 'cancelled' as const, time, number: job.number })),
  );
}

/**
 * Who carried a request out; `nobody yet`: the process that holds the sweep was asked, and has not
 * answered.
 */
export type CarriedOut = 'sweep' | 'this process' | 'nobody yet';

/**
 * Has a request carried out: by the process that runs the sweep, or else here and now.
 * @returns who does it
 * @throws NcnError where the ledger cannot be written, or where the sweep is held by a process on
 *   another machine that gives no sign of life
 */
export async function request(
  directory: string,
  what: SweepRequest,
  report: (message: string) => void,
  launcher: Launcher,
  options: RequestOptions = {},
): Promise<CarriedOut> {
  const lock = await lockOrAsk(directory, what, report, launcher, options);
  if (!(lock instanceof SweepLock)) return lock;
  try {
    const ledger = await Ledger.open(directory, lock.check);
    try {
      // What a sweep that died was asked before comes first.
      const { requests, damaged } = await takeRequests(directory);
      for (const file of damaged) report(`requests/${file} made no sense, and is gone.`);
      for (const each of [...requests, what]) await carryOut(ledger, each, launcher);
    } finally {
      await ledger.close();
    }
    return 'this process';
  } finally {
    await lock.release();
  }
}

/** The sweep's lock; where another process has it, that one is asked. */
async function lockOrAsk(
  directory: string,
  what: SweepRequest,
  report: (message: string) => void,
  launcher: Launcher,
  { silence = 10_000, answer = 3000, ...options }: RequestOptions,
): Promise<SweepLock | 'sweep' | 'nobody yet'> {
  try {
    // Where the launcher queues, commands come and go, and nobody stays to serve a request.
    const patience = launcher.queues ? commandPatience : 0;
    return await SweepLock.take(directory, report, { patience, ...options });
  } catch (error) {
    if (launcher.queues || !isInUse(error)) throw error;
    const holder = await holderOf(directory);
    // That one on another machine is there to be asked, only its signs of life tell.
    if (holder !== undefined && holder.host !== hostname() && (await isStill(directory, silence))) {
      throw error;
    }
  }
  const left = await leaveRequest(directory, what);
  const end = performance.now() + answer;
  while (performance.now() < end) {
    await sleep(lookEvery);
    if (!(await isThere(left))) return 'sweep';
    // It may have ended without looking, or been another command.
    const lock = await SweepLock.take(directory, report).catch((error: unknown) => {
      if (!isInUse(error)) throw error;
    });
    if (lock === undefined) continue;
    await rm(left, { force: true });
    return lock;
  }
  return 'nobody yet';
}

const isInUse = (error: unknown): boolean =>
  error instanceof NcnError && error.code === 'NCN_RUN_IN_USE';

async function carryOut(ledger: Ledger, what: SweepRequest, launcher: Launcher): Promise<void> {
  const { directory } = ledger;
  if (what.action === 'cancel') {
    for (const number of what.jobs) {
      const record = ledger.records.get(number);
      if (launcher.queues && record?.state === 'running') refuseOther(launcher, record);
    }
  }
  const { running, cancelled } = await applyRequest(ledger, what);
  if (launcher.queues) {
    await cancelQueued(ledger, running, launcher);
    return;
  }
  const watcher = new Watcher(launcher, directory);
  for (const record of running) {
    const { number, name } = record.job;
    const path = join(directory, name);
    const job = (await adopt(launcher, watcher, record)) ?? untilFree(path);
    job.stop();
    await job.ended;
    const state = await runState(path);
    if (state.kind === 'finished') await ledger.done(number);
    else if (state.kind === 'unreadable') await ledger.failed(number, null, state.message);
    else await ledger.cancelled(number);
  }
  for (const { job } of cancelled) {
    // A sweep may have started it, and died before it could write that down.
    const holder = untilFree(join(directory, job.name));
    holder.stop();
    await holder.ended;
  }
}
