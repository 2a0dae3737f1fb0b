import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NcnError } from '../../core/errors/error.js';
import type { Ending, Launcher } from '../../core/plugins/launcher.js';
import { Watcher, type WatchedJob } from '../launch/watched.js';
import { adopt, refuseOther, unknownLauncher } from './adopt.js';
import { configText, jobArguments, namesCode } from './job.js';
import type { JobRecord } from './events.js';
import type { Happening } from './happening.js';
import { jobLog, type Ledger } from './ledger.js';
import { stopHolder, untilFree } from './holder.js';
import { readOutput } from './output.js';
import { applyRequest, takeRequests } from './requests.js';
import { runStateWithin } from './run-state.js';
import { StartOrder } from './start-order.js';
import { Verdicts } from './verdict.js';

export interface SchedulerParts {
  readonly directory: string;
  readonly ledger: Ledger;
  readonly launcher: Launcher;
  /** Jobs at the same time. */
  readonly slots: number;
  /** CPU threads of each. */
  readonly threads: number;
  /** Devices that the slots take turns on; empty: none is set. */
  readonly devices: readonly string[];
  /** Options that every job gets and that make no difference to its results, such as `--data`. */
  readonly common: readonly string[];
  /** Is told of everything that happens. */
  readonly observe: (happened: Happening) => void;
}

interface Running {
  readonly launched: WatchedJob;
  readonly slot: number;
  cancelling: boolean;
  ending: Ending | undefined;
}

const tickMs = 500;
const heartbeatMs = 30_000;
const main = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** Starts the jobs of a sweep, watches them, and writes to the ledger what becomes of them. */
export class Scheduler {
  private readonly running = new Map<number, Running>();
  private readonly verdicts = new Verdicts();
  private stopping = false;
  private beat = 0;

  private readonly watcher: Watcher;
  private readonly order: StartOrder;

  constructor(private readonly parts: SchedulerParts) {
    this.order = new StartOrder(parts.ledger);
    this.watcher = new Watcher(parts.launcher, parts.directory);
  }

  /** Asks every job to save and end, and starts no more. */
  stop(): void {
    this.stopping = true;
    for (const { launched } of this.running.values()) launched.stop();
  }

  /**
   * Runs until no job is queued or running, or all have stopped after {@link stop}. Where it ends by an
   * error, it leaves no job that nobody watches.
   * @throws NcnError where the ledger cannot be written
   */
  async run(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      await this.giveUp(error);
      throw error;
    }
  }

  private async giveUp(error: unknown): Promise<void> {
    const { ledger, observe } = this.parts;
    if (this.running.size === 0) return;
    const jobs = [...this.running.keys()].map((n) => ledger.records.get(n)?.job.name ?? '');
    // Who took over watches them.
    const leaving = error instanceof NcnError && error.code === 'NCN_SWEEP_LOCK_LOST';
    observe({ kind: 'giving up', jobs, leaving });
    if (leaving) return;
    if (!this.stopping) this.stop();
    await Promise.all([...this.running.values()].map(({ launched }) => launched.ended));
  }

  private async work(): Promise<void> {
    await this.adoptRunning();
    for (;;) {
      await this.serveRequests();
      await this.fill();
      if (this.running.size === 0) break;
      await Promise.race([
        ...[...this.running.values()].map(({ launched }) => launched.ended),
        sleep(tickMs),
      ]);
      for (const [number, running] of [...this.running]) {
        if (running.ending === undefined) continue;
        this.running.delete(number);
        await this.settle(number, running.ending, running.cancelling);
      }
      await this.tick();
    }
  }

  /** Jobs that an earlier process of the sweep left running go on under this one. */
  private async adoptRunning(): Promise<void> {
    const { ledger, launcher } = this.parts;
    // Before anything is adopted: what is not this launcher's is left as it is.
    for (const record of ledger.records.values()) refuseOther(launcher, record);
    for (const record of ledger.records.values()) {
      if (record.state !== 'running') continue;
      const launched = await adopt(launcher, this.watcher, record);
      if (launched === undefined) {
        await this.settle(record.job.number, { exit: null, signal: null }, false);
      } else this.watch(record, launched, 'adopted');
    }
  }

  private async fill(): Promise<void> {
    const { slots } = this.parts;
    while (!this.stopping && this.running.size < slots) {
      const next = this.order.next();
      if (next === undefined) return;
      await this.start(next);
    }
  }

  private async start(record: JobRecord): Promise<void> {
    const { directory, ledger, launcher, threads, devices, common, observe } = this.parts;
    const { number, name, request } = record.job;
    const path = join(directory, name);
    const state = await runStateWithin(path, launcher.grace);
    if (state.kind === 'finished' || state.kind === 'unreadable') {
      if (state.kind === 'unreadable') await ledger.failed(number, null, state.message);
      else await ledger.done(number);
      observe({ kind: state.kind === 'finished' ? 'done' : 'failed', record });
      return;
    }
    const slot = this.freeSlot();
    const device = devices[slot % Math.max(1, devices.length)] ?? null;
    if (state.kind === 'held') {
      const about = { launcher: unknownLauncher, handle: null, resumed: true, device };
      await this.begin(record, untilFree(path), 'adopted', about);
      return;
    }
    const resumed = state.kind === 'begun';
    const args = [
      // The user named the job's plugins; a home in which that could be remembered is not everywhere.
      ...(resumed
        ? [
            ...['resume', path, '--config-json', configText(request)],
            ...(namesCode(request) ? ['--trust-plugins'] : []),
          ]
        : ['run', ...jobArguments(request), '--run-dir', path]),
      ...['--threads', String(threads), '--json'],
      ...common,
    ];
    let launched: WatchedJob;
    try {
      launched = await this.watcher.launch({
        name,
        command: [process.execPath, main, ...args],
        cwd: process.cwd(),
        log: jobLog(directory, name),
        threads,
        device,
      });
    } catch (error) {
      if (!(error instanceof NcnError && error.code === 'NCN_LAUNCHER_START')) throw error;
      await ledger.failed(number, null, error.message);
      observe({ kind: 'failed', record });
      return;
    }
    const about = { launcher: launcher.name, handle: launched.handle, resumed, device };
    await this.begin(record, launched, resumed ? 'resumed' : 'new', about);
  }

  /** It is watched before the ledger knows: where that cannot be written, it is not forgotten. */
  private async begin(
    record: JobRecord,
    launched: WatchedJob,
    how: 'new' | 'resumed' | 'adopted',
    about: Parameters<Ledger['started']>[1],
  ): Promise<void> {
    this.keep(record, launched);
    await this.parts.ledger.started(record.job.number, about);
    this.parts.observe({ kind: 'started', record, how });
  }

  private watch(record: JobRecord, launched: WatchedJob, how: 'adopted'): void {
    this.keep(record, launched);
    this.parts.observe({ kind: 'started', record, how });
  }

  private keep(record: JobRecord, launched: WatchedJob): void {
    const running: Running = {
      launched,
      slot: this.freeSlot(),
      cancelling: false,
      ending: undefined,
    };
    void launched.ended.then((ending) => (running.ending = ending));
    this.running.set(record.job.number, running);
    // A signal may have come while it was being started.
    if (this.stopping) launched.stop();
  }

  private freeSlot(): number {
    const taken = new Set([...this.running.values()].map(({ slot }) => slot));
    let slot = 0;
    while (taken.has(slot)) slot++;
    return slot;
  }

  /** Writes down what became of a job that is over: the run directory knows. */
  private async settle(number: number, ending: Ending, cancelling: boolean): Promise<void> {
    const { directory, ledger, launcher, observe } = this.parts;
    const record = ledger.records.get(number);
    if (record === undefined) return;
    const { name } = record.job;
    const path = join(directory, name);
    const state = await runStateWithin(path, launcher.grace);
    if (state.kind === 'held') {
      this.watch(record, untilFree(path), 'adopted');
      return;
    }
    const output = await readOutput(jobLog(directory, name));
    if (state.kind === 'finished') await ledger.done(number);
    else if (state.kind === 'unreadable') await ledger.failed(number, null, state.message);
    else if (cancelling) await ledger.cancelled(number);
    else {
      const seen = ending.exit === null && state.kind === 'begun' ? state.message : null;
      const verdict = this.verdicts.of(number, ending, output, this.stopping);
      if (verdict.kind === 'failed') {
        await ledger.failed(
          number,
          ending.exit,
          verdict.reason ?? output.trouble ?? 'no reason given',
        );
      } else if (seen !== null) await ledger.failed(number, null, seen);
      else await ledger.interrupted(number, verdict.reason ?? 'stopped');
    }
    const { state: now } = record;
    if (now === 'queued') this.order.again();
    const over = now === 'done' || now === 'failed' || now === 'cancelled';
    observe({ kind: over ? now : 'interrupted', record });
  }

  private async serveRequests(): Promise<void> {
    const { directory, ledger, observe } = this.parts;
    const { requests, damaged } = await takeRequests(directory);
    for (const file of damaged) observe({ kind: 'damaged request', file });
    for (const request of requests) {
      const { running: asked, cancelled } = await applyRequest(ledger, request);
      this.order.again();
      for (const { job } of asked) {
        const running = this.running.get(job.number);
        if (running === undefined) continue;
        running.cancelling = true;
        running.launched.stop();
      }
      for (const record of cancelled) {
        // A sweep before this one may have started it and died before it could write that down.
        await stopHolder(join(directory, record.job.name));
        observe({ kind: 'cancelled', record });
      }
    }
  }

  private async tick(): Promise<void> {
    const { directory, ledger, observe } = this.parts;
    const updates = new Map<number, number>();
    for (const number of this.running.keys()) {
      const name = ledger.records.get(number)?.job.name ?? '';
      const { update } = await readOutput(jobLog(directory, name));
      if (update !== undefined) updates.set(number, update);
    }
    const now = performance.now();
    if (now - this.beat > heartbeatMs) {
      this.beat = now;
      const all = [...this.running.keys()].map((n) => [n, updates.get(n) ?? 0] as const);
      await ledger.heartbeat(new Map(all));
    }
    observe({ kind: 'tick', updates });
  }
}
