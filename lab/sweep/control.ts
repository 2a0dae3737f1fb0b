import { NcnError } from '../../core/errors/error.js';
import type { Launcher } from '../../core/plugins/launcher.js';
import { Watcher } from '../launch/watched.js';
import { adopt } from './adopt.js';
import type { JobRecord } from './events.js';
import { Ledger } from './ledger.js';
import { settle } from './settle.js';
import { survey } from './survey.js';
import { SweepLock, type SweepLockOptions } from './sweep-lock.js';
import { applyRequest, leaveRequest, type SweepRequest } from './requests.js';

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
    const watcher = new Watcher(launcher, directory);
    try {
      const running = await applyRequest(ledger, what);
      if (launcher.queues) {
        await cancelQueued(ledger, running, launcher);
        return 'this process';
      }
      for (const record of running) {
        const { job } = record;
        const launched = await adopt(launcher, watcher, record);
        launched?.stop();
        await launched?.ended;
        await ledger.cancelled(job.number);
      }
    } finally {
      await ledger.close();
    }
    return 'this process';
  } finally {
    await lock.release();
  }
}
