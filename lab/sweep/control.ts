import { NcnError } from '../../core/errors/error.js';
import type { Launcher } from '../../core/plugins/launcher.js';
import { acquireLock, type RunLock } from '../../core/run/lock.js';
import { adopt } from './adopt.js';
import { Ledger } from './ledger.js';
import { applyRequest, leaveRequest, type SweepRequest } from './requests.js';

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
): Promise<'sweep' | 'this process'> {
  let lock: RunLock;
  try {
    lock = await acquireLock(directory, report);
  } catch (error) {
    if (!(error instanceof NcnError && error.code === 'NCN_RUN_IN_USE')) throw error;
    await leaveRequest(directory, what);
    return 'sweep';
  }
  try {
    const ledger = await Ledger.open(directory);
    try {
      for (const record of await applyRequest(ledger, what)) {
        const { job } = record;
        const launched = await adopt(launcher, record);
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
