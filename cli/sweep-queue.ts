import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode } from '../core/errors/error.js';
import { sweepNotHere } from '../lab/errors/sweep.js';
import type { PluginLoader } from '../core/plugins/loader.js';
import { isHeld } from '../core/run/lock.js';
import { SignalWatch } from '../core/trainer/loop/interruption.js';
import { Attempts } from '../lab/sweep/attempts.js';
import type { IntentRecord, JobRecord } from '../lab/sweep/events.js';
import { readLedger, readSweepIfThere } from '../lab/sweep/ledger.js';
import { readOutput } from '../lab/sweep/output.js';
import type { PlannedJob } from '../lab/sweep/plan.js';
import { SweepReporter } from '../lab/sweep/report.js';
import { record, submitSweep, previewSweep, type ChosenLauncher } from '../lab/sweep/submit.js';
import { settlement } from '../lab/sweep/settle.js';
import { survey, surveyTwice, type Survey } from '../lab/sweep/survey.js';
import { countStates, describeCounts } from '../lab/sweep/view.js';
import { openContext, type CommandContext } from './context.js';
import { launcherOf, lockOptionsOf, makeLauncher, type LauncherOptions } from './launcher.js';
import { dueIn } from './sweep-dry-run.js';
import { quoted } from './quote.js';
import type { GlobalOptions } from './context.js';

/** How the sweep was last handed to a launcher that queues. */
const lastOf = (records: ReadonlyMap<number, JobRecord>): IntentRecord | null =>
  [...records.values()].findLast(({ submission }) => submission !== null)?.submission ?? null;

/**
 * The launcher that the command line names, or else the one that the sweep was last handed to.
 * @throws NcnError as {@link makeLauncher} does
 */
export async function launcherFor(
  options: LauncherOptions,
  records: ReadonlyMap<number, JobRecord>,
  loader: PluginLoader,
): Promise<ChosenLauncher> {
  if (options.launcher === undefined && options.launcherSet === undefined) {
    const last = lastOf(records);
    if (last !== null) return makeLauncher(last.plugin, last.options, loader);
  }
  return launcherOf(options, loader);
}

export interface QueueOptions extends LauncherOptions {
  readonly jobs?: number;
  readonly threads?: number;
  readonly devices?: string;
  readonly data?: string;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

/** Hands a sweep's jobs to a launcher that queues, says so, and leaves. */
export async function submit(
  directory: string,
  jobs: readonly PlannedJob[],
  chosen: ChosenLauncher,
  options: QueueOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, log } = context;
  const { launcher } = chosen;
  const idle = (['threads', 'devices'] as const).filter((name) => options[name] !== undefined);
  if (idle.length > 0)
    throw sweepNotHere(
      idle.map((name) => `--${name}`),
      launcher.name,
    );
  const { records } = await readSweepIfThere(directory);
  const parts = {
    directory,
    jobs,
    chosen,
    atOnce: options.jobs ?? lastOf(records)?.atOnce ?? null,
    ...(options.data === undefined ? {} : { data: options.data }),
  };
  if (options.dryRun === true) {
    const { due } = await dueIn(directory, ['queued', 'lost'], jobs, options, context);
    const scripts = await previewSweep(due, parts);
    const text =
      scripts.length === 0 ? `no job of ${directory} is to be handed in` : scripts.join('\n');
    terminal.result(text, { directory, launcher: launcher.name, scripts });
    return ExitCode.ok;
  }
  terminal.line(`sweep: ${directory}`);
  const { submitted, records: all } = await submitSweep({
    ...parts,
    say: (line) => terminal.line(line),
    lock: lockOptionsOf(options),
    debug: (message) => log.logger.debug(message),
  });
  const total = submitted.reduce((sum, part) => sum + part.jobs, 0);
  const lines = submitted.map(({ token, jobs: count }) => `  ${token}: ${count} jobs`);
  terminal.result(
    [
      `${total} of ${all.length} jobs handed to ${launcher.name}${total === 0 ? ': nothing was left to do' : ''}`,
      ...lines,
      `  follow them with: ncn sweep watch ${quoted(directory)}`,
    ].join('\n'),
    {
      type: 'submitted',
      directory,
      launcher: launcher.name,
      jobs: total,
      submissions: submitted.map(({ token, jobs: count }) => ({ token, jobs: count })),
    },
  );
  return ExitCode.ok;
}

/** Updates that the running jobs have done, from their logs. */
export async function updatesOf(
  directory: string,
  { records, attempts }: Survey,
): Promise<Map<number, { update: number; heard: number }>> {
  const files = new Attempts(directory);
  const updates = new Map<number, { update: number; heard: number }>();
  for (const [number, attempt] of attempts) {
    const record = records.get(number);
    if (record?.state !== 'running') continue;
    const { update, heard } = await readOutput(files.log(record.job.name, attempt));
    if (heard !== undefined) updates.set(number, { update: update ?? 0, heard });
  }
  return updates;
}

/** How the jobs of a sweep stand now, wherever they run; what is known for good is written down. */
export async function lookAt(
  directory: string,
  options: LauncherOptions,
  { loader, log, terminal }: CommandContext,
  signal?: AbortSignal,
): Promise<Survey> {
  const records = await readLedger(directory);
  const { launcher } = await launcherFor(options, records, loader);
  const asked = launcher.queues ? launcher : undefined;
  const found =
    asked === undefined
      ? await survey(directory, records, asked)
      : await surveyTwice(
          directory,
          records,
          asked,
          (jobs, seconds) =>
            terminal.line(
              `${jobs} jobs are in no queue and left no word; looking again in ${seconds} s`,
            ),
          signal,
        );
  if (asked !== undefined && settlement(records, found).length > 0) {
    await record(directory, found, (message) => log.logger.debug(message));
  }
  return found;
}

/** States that a job does not leave by itself. */
const settled = new Set(['done', 'failed', 'cancelled', 'planned', 'lost']);

/** `ncn sweep watch DIR`: the progress of a sweep whose jobs run elsewhere, until they are over. */
export async function sweepWatchCommand(
  options: GlobalOptions & LauncherOptions,
  directory: string,
): Promise<ExitCode> {
  return follow(directory, options, await openContext(options));
}

export async function follow(
  directory: string,
  options: LauncherOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, log, loader } = context;
  const { launcher } = await launcherFor(options, await readLedger(directory), loader);
  let stoppedBy: NodeJS.Signals | undefined;
  const waker = new AbortController();
  const signals = new SignalWatch((signal) => {
    stoppedBy = signal;
    waker.abort();
  });
  signals.start();
  let deserted = false;
  let shown = new Map<number, JobRecord>();
  let counts = countStates([]);
  const view = { records: () => shown.values(), counts: () => counts };
  const reporter = new SweepReporter(view, terminal, log);
  try {
    while (stoppedBy === undefined) {
      // What a queue runs goes on by itself; else somebody must be there.
      deserted = !launcher.queues && !(await isHeld(directory));
      const found = await lookAt(directory, options, context, waker.signal);
      const before = shown;
      shown = new Map(found.records);
      counts = countStates(shown.values());
      tell(before, shown, reporter);
      const updates = await updatesOf(directory, found);
      reporter.observe({
        kind: 'tick',
        updates: new Map([...updates].map(([number, { update }]) => [number, update])),
      });
      if ([...shown.values()].every(({ state }) => settled.has(state))) {
        deserted = false;
        break;
      }
      if (deserted) break;
      await sleep(launcher.pollEvery, undefined, { signal: waker.signal }).catch(() => undefined);
    }
  } finally {
    signals.stop();
    terminal.clearProgress();
  }
  terminal.line(`${describeCounts(counts)}: ${directory}`);
  terminal.event({ type: 'finished', directory, ...counts, stoppedBy: stoppedBy ?? null });
  if (stoppedBy === 'SIGINT') return ExitCode.interrupted;
  if (stoppedBy !== undefined) return ExitCode.terminated;
  if (deserted) {
    terminal.line(`  no process runs it; continue it with: ncn sweep --dir ${quoted(directory)}`);
    return ExitCode.jobs;
  }
  if (counts.lost + counts.planned > 0) {
    terminal.line(`  hand in what is left with: ncn sweep --dir ${quoted(directory)}`);
  }
  return counts.failed + counts.lost + counts.planned > 0 ? ExitCode.jobs : ExitCode.ok;
}

/** A line for each job that stands differently than before. */
function tell(
  before: ReadonlyMap<number, JobRecord>,
  now: ReadonlyMap<number, JobRecord>,
  { observe }: SweepReporter,
): void {
  if (before.size === 0) return;
  for (const [number, record] of now) {
    const { state } = record;
    if (before.get(number)?.state === state) continue;
    if (state === 'running') {
      observe({ kind: 'started', record, how: record.starts > 1 ? 'resumed' : 'new' });
    } else if (state === 'done' || state === 'failed' || state === 'cancelled') {
      observe({ kind: state, record });
    }
  }
}
