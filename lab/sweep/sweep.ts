import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { NcnError } from '../../core/errors/error.js';
import { fileSystemRefused } from '../../core/errors/run.js';
import type { Launcher } from '../../core/plugins/launcher.js';
import { removeStale } from '../../core/run/atomic.js';
import type { RunLog } from '../../core/services/log.js';
import type { Terminal } from '../../core/services/terminal.js';
import { SignalWatch } from '../../core/trainer/loop/interruption.js';
import { sweepDiskFull } from '../errors/sweep.js';
import type { JobRecord } from './events.js';
import { dataArguments } from './job.js';
import { Ledger, makeSweepDirectory } from './ledger.js';
import type { PlannedJob } from './plan.js';
import { requeueDamaged } from './recheck.js';
import { SweepReporter } from './report.js';
import { Scheduler } from './scheduler.js';
import { SweepLock, type SweepLockOptions } from './sweep-lock.js';

/** How the jobs share the machine. */
export interface Resources {
  readonly slots: number;
  readonly threads: number;
  readonly devices: readonly string[];
}

/**
 * One job for each device, or else for each core; the cores are shared equally.
 * @param jobs how many at a time, where the user says so; `threads` likewise
 */
export function shareMachine(
  given: { jobs?: number; threads?: number; devices?: readonly string[] },
  cores = availableParallelism(),
): Resources {
  const devices = given.devices ?? [];
  const slots = given.jobs ?? (devices.length > 0 ? devices.length : cores);
  const threads = given.threads ?? Math.max(1, Math.floor(cores / slots));
  return { slots, threads, devices };
}

export interface SweepParts {
  readonly directory: string;
  /** Jobs to add to those that the sweep has. */
  readonly jobs: readonly PlannedJob[];
  readonly resources: Resources;
  /** Folder that the jobs take their data from, where one was named. */
  readonly data: string | undefined;
  readonly terminal: Terminal;
  readonly log: RunLog;
  readonly launcher: Launcher;
  readonly lock?: SweepLockOptions;
}

export interface SweepResult {
  readonly directory: string;
  readonly records: readonly JobRecord[];
  /** The signal that stopped it. */
  readonly stoppedBy: NodeJS.Signals | undefined;
}

/**
 * Runs the jobs of a sweep that are neither done nor failed, under the lock of its folder.
 * @throws NcnError where the folder is not a sweep's, or another process runs it
 */
export async function runSweep(parts: SweepParts): Promise<SweepResult> {
  const directory = resolve(parts.directory);
  const { terminal, log } = parts;
  await makeSweepDirectory(directory);
  const debug = (message: string): void => log.logger.debug(message);
  const lock = await SweepLock.take(directory, debug, parts.lock);
  try {
    await removeStale(directory);
    const ledger = await Ledger.open(directory, lock.check, parts.data ?? null);
    try {
      await requeueDamaged(ledger, (message) => log.logger.warn(message));
      await ledger.addAll(parts.jobs);
      const stoppedBy = await schedule(directory, ledger, parts);
      return { directory, records: [...ledger.records.values()], stoppedBy };
    } finally {
      terminal.clearProgress();
      await ledger.close();
    }
  } catch (error) {
    const refused = fileSystemRefused('write', directory, error);
    const full = refused instanceof NcnError && refused.code === 'NCN_RUN_DISK_FULL';
    throw full ? sweepDiskFull(refused) : refused;
  } finally {
    await lock.release();
  }
}

async function schedule(
  directory: string,
  ledger: Ledger,
  { resources, data, terminal, log, launcher }: SweepParts,
): Promise<NodeJS.Signals | undefined> {
  const shown = { records: () => ledger.records.values(), counts: () => ledger.counts };
  const { observe } = new SweepReporter(shown, terminal, log);
  const common = dataArguments(data);
  const scheduler = new Scheduler({ directory, ledger, launcher, ...resources, common, observe });
  let stoppedBy: NodeJS.Signals | undefined;
  const signals = new SignalWatch((signal) => {
    stoppedBy = signal;
    log.logger.warn(`${signal}: the jobs save their state; once more to leave them to it`);
    scheduler.stop();
  });
  signals.start();
  try {
    await scheduler.run();
  } finally {
    signals.stop();
  }
  return stoppedBy;
}
