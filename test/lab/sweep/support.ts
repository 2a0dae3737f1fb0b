import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import type { Launcher } from '../../../core/plugins/launcher.js';
import type { JobRequest } from '../../../lab/sweep/job.js';
import { Ledger, makeSweepDirectory } from '../../../lab/sweep/ledger.js';
import type { WantedJob } from '../../../lab/sweep/matrix.js';
import type { Happening } from '../../../lab/sweep/happening.js';
import { Scheduler, type SchedulerParts } from '../../../lab/sweep/scheduler.js';

const root = await mkdtemp(join(tmpdir(), 'ncn-sweep-'));
afterAll(() => rm(root, { recursive: true, force: true }));

/** A new folder of a sweep; it is gone after the tests of the file. */
export async function newSweep(): Promise<string> {
  const directory = join(root, randomUUID());
  await makeSweepDirectory(directory);
  return directory;
}

/** The ledger of a sweep, which is closed at the end of the test. */
export async function openLedger(directory: string): Promise<Ledger> {
  const ledger = await Ledger.open(directory);
  onTestFinished(() => ledger.close());
  return ledger;
}

export const wanted = (preset: string, seed = 1, more: Partial<JobRequest> = {}): WantedJob => ({
  request: {
    preset,
    seed,
    profile: null,
    variant: null,
    plugins: [],
    without: [],
    set: [],
    ...more,
  },
  varied: [],
});

export const seeds = (...numbers: number[]) => numbers.map((seed) => [wanted('a', seed)] as const);

/** Calls `act` when something is told for the first time. */
export function when(what: string, act: () => unknown): (happened: Happening) => void {
  let done = false;
  return (happened) => {
    if (!('record' in happened) || done) return;
    if (`${happened.kind} ${happened.record.job.number}` !== what) return;
    done = true;
    act();
  };
}

export interface Sweep {
  readonly directory: string;
  readonly ledger: Ledger;
  readonly scheduler: Scheduler;
  /** What was told, ticks apart: `started 1 new`, `done 1`. */
  readonly told: string[];
  /** How the jobs stand, by number. */
  readonly states: () => string[];
}

/** A scheduler over the jobs that are wanted, or over those of a sweep that there is. */
export async function sweepOf(
  jobs: readonly (readonly [WantedJob, work?: number])[],
  launcher: Launcher,
  more: Partial<SchedulerParts> = {},
): Promise<Sweep> {
  const directory = more.directory ?? (await newSweep());
  const ledger = more.ledger ?? (await openLedger(directory));
  for (const [job, work] of jobs) await ledger.add(job, 100, work ?? 1);
  const told: string[] = [];
  const observe = (happened: Happening): void => {
    if (happened.kind === 'tick') return;
    if (happened.kind === 'damaged request') {
      told.push(`${happened.kind} ${happened.file}`);
      return;
    }
    if (happened.kind === 'giving up') {
      told.push(
        `${happened.kind} ${happened.leaving ? 'and leaving ' : ''}${happened.jobs.join(' ')}`,
      );
      return;
    }
    const { number } = happened.record.job;
    const how = happened.kind === 'started' ? ` ${happened.how}` : '';
    told.push(`${happened.kind} ${number}${how}`);
    more.observe?.(happened);
  };
  const scheduler = new Scheduler({
    slots: 1,
    threads: 1,
    devices: [],
    common: [],
    ...more,
    directory,
    ledger,
    launcher,
    observe,
  });
  const states = (): string[] => [...ledger.records.values()].map(({ state }) => state);
  return { directory, ledger, scheduler, told, states };
}
