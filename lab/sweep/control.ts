import { join } from 'node:path';
import { NcnError } from '../../core/errors/error.js';
import type { Launcher } from '../../core/plugins/launcher.js';
import { Watcher } from '../launch/watched.js';
import { adopt, refuseOther } from './adopt.js';
import type { JobRecord } from './events.js';
import { untilFree } from './holder.js';
import { Ledger } from './ledger.js';
import { applyRequest, leaveRequest, type SweepRequest } from './requests.js';
import { runState } from './run-state.js';
import { settle } from './settle.js';
import { survey } from './survey.js';
import { SweepLock, type SweepLockOptions } from './sweep-lock.js';

/** Milliseconds to wait for another command on the same sweep. */
const commandPatience = 5000;
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
 * Has a request carried out: by the process that runs the sweep, or else here and now.
 * @returns who does it
 * @throws NcnError where the ledger cannot be written
 */
export async function request(
  directory: string,
  what: SweepRequest,
  report: (message: string) => void,
  launcher: Launcher,
  options: SweepLockOptions = {},
): Promise<'sweep' | 'this process'> {
  let lock: SweepLock;
  try {
    // Where the launcher queues, commands come and go, and nobody stays to serve a request.
    const patience = launcher.queues ? commandPatience : 0;
    lock = await SweepLock.take(directory, report, { patience, ...options });
  } catch (error) {
    if (launcher.queues || !(error instanceof NcnError && error.code === 'NCN_RUN_IN_USE'))
      throw error;
    await leaveRequest(directory, what);
    return 'sweep';
  }
  try {
    const ledger = await Ledger.open(directory, lock.check);
    try {
      await carryOut(ledger, what, launcher);
    } finally {
      await ledger.close();
    }
    return 'this process';
  } finally {
    await lock.release();
  }
}

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
