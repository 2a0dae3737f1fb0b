import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { inOneLine } from '../lab/harmless.js';
import { sweepNothing } from '../lab/errors/sweep.js';
import { ExitCode } from '../core/errors/error.js';
import { runsRoot } from '../core/run/directory.js';
import { jsonOf } from '../core/run/json.js';
import { formatDuration } from '../core/services/format.js';
import { aboutJobs } from '../lab/sweep/about.js';
import { jobKey } from '../lab/sweep/job.js';
import type { JobRecord, JobState } from '../lab/sweep/events.js';
import { jobLog, readLedger } from '../lab/sweep/ledger.js';
import { expand, type WantedJob } from '../lab/sweep/matrix.js';
import { readOutput } from '../lab/sweep/output.js';
import { planJobs, type PlannedJob } from '../lab/sweep/plan.js';
import { runSweep, type Resources, type SweepResult } from '../lab/sweep/sweep.js';
import { countStates, describeCounts, describeJob } from '../lab/sweep/view.js';
import { openContext, type CommandContext, type ExperimentOptions } from './context.js';
import { launcherOf, lockOptionsOf, type LauncherOptions } from './launcher.js';
import { follow, launcherFor, lookAt, submit, updatesOf } from './sweep-queue.js';
import { quoted } from './quote.js';
import { describeResources, dryRun } from './sweep-dry-run.js';
import { withData } from './sweep-data.js';
import { matrixOf, refuseIdle, resourcesOf, type SweepOptions } from './sweep-matrix.js';
import { table } from './table.js';

/** `ncn sweep --presets …`: runs a matrix of experiments, or continues one. */
export async function sweepCommand(given: SweepOptions): Promise<ExitCode> {
  const context = await openContext(given);
  if (given.presets === undefined && given.dir === undefined) throw sweepNothing();
  refuseIdle(given);
  const resources = resourcesOf(given);
  // A wrong one is told before data are looked for.
  await launcherOf(given, context.loader);
  const wanted =
    given.presets === undefined
      ? []
      : expand(matrixOf(given, given.presets, context), context.library);
  const directory = given.dir ?? join(runsRoot, `sweep-${nameOf(wanted)}`);
  const options = await withData(given, directory);
  const jobs = await planJobs(wanted, options.data, context);
  // Where nothing is asked for, it must be there.
  const records =
    options.presets === undefined ? await readLedger(directory) : new Map<number, JobRecord>();
  const chosen = await launcherFor(options, records, context.loader);
  if (chosen.launcher.queues) {
    const exit = await submit(directory, jobs, chosen, options, context);
    if (options.wait !== true || options.dryRun === true) return exit;
    return follow(directory, options, context);
  }
  if (options.dryRun === true) return dryRun(jobs, resources, directory, options, context);
  return report(await start(directory, jobs, resources, options, context), context);
}

/** Runs a sweep, saying how. */
export async function start(
  directory: string,
  jobs: readonly PlannedJob[],
  resources: Resources,
  options: SweepOptions,
  { terminal, log, loader }: CommandContext,
): Promise<SweepResult> {
  const { launcher } = await launcherOf(options, loader);
  terminal.line(`sweep: ${directory}`);
  terminal.line(`  ${describeResources(resources)}, launcher ${launcher.name}`);
  for (const line of aboutJobs(jobs)) terminal.line(line);
  terminal.event({
    type: 'sweep',
    directory,
    ...resources,
    devices: [...resources.devices],
    launcher: launcher.name,
  });
  const { data } = options;
  const lock = lockOptionsOf(options);
  return runSweep({ directory, jobs, resources, data, terminal, log, launcher, lock });
}

/** States after which a sweep has nothing more to do. */
const over: ReadonlySet<JobState> = new Set(['done', 'failed', 'cancelled'] as const);

/** Tells how a sweep ended. */
export function report(
  result: SweepResult,
  { terminal }: Pick<CommandContext, 'terminal'>,
): ExitCode {
  const { directory, records } = result;
  // One that was asked to stop when nothing was left to do has ended by itself.
  const stoppedBy = records.every(({ state }) => over.has(state)) ? undefined : result.stoppedBy;
  const counts = countStates(records);
  terminal.line(`${describeCounts(counts)}: ${directory}`);
  const failed = records.filter(({ state }) => state === 'failed');
  for (const { job, reason } of failed) {
    terminal.line(`  failed: ${job.name}: ${inOneLine(reason ?? '')}`);
  }
  if (failed.length > 0) {
    terminal.line(`  start them again with: ncn sweep retry ${quoted(directory)}`);
  }
  if (stoppedBy !== undefined) terminal.line('  the same command continues it');
  terminal.event({ type: 'finished', directory, ...counts, stoppedBy: stoppedBy ?? null });
  if (stoppedBy === 'SIGINT') return ExitCode.interrupted;
  if (stoppedBy !== undefined) return ExitCode.terminated;
  return failed.length > 0 ? ExitCode.jobs : ExitCode.ok;
}

/** The same matrix gets the same folder. */
function nameOf(jobs: readonly WantedJob[]): string {
  const hash = createHash('sha256');
  for (const { request: job } of jobs) hash.update(`${jobKey(job)}\n`);
  return hash.digest('hex').slice(0, 8);
}

/** `ncn sweep status DIR` */
export async function sweepStatusCommand(
  options: ExperimentOptions & LauncherOptions,
  directory: string,
): Promise<ExitCode> {
  const context = await openContext(options);
  const { terminal } = context;
  const found = await lookAt(directory, options, context);
  const records = [...found.records.values()];
  const elsewhere = await updatesOf(directory, found);
  const rows: string[][] = [];
  const jobs: unknown[] = [];
  for (const record of records) {
    const { job, state } = record;
    const output =
      record.submission === null
        ? await readOutput(jobLog(directory, job.name))
        : (elsewhere.get(job.number) ?? {});
    const update = output.update ?? record.heartbeat?.update;
    const alive = state === 'running' ? lastSign(record, output.heard) : '';
    rows.push([String(job.number), job.name, state, describeJob(record, update), alive]);
    // Of what it was handed in together with, the name is enough: it holds all their numbers.
    const submission = record.submission?.token ?? null;
    jobs.push({ ...record, job: { ...job }, submission, update: update ?? null });
  }
  const counts = countStates(records);
  terminal.result(
    `${table(['', 'job', 'state', '', 'last sign of life'], rows)}\n\n${describeCounts(counts)}`,
    jsonOf({ directory, counts, jobs }),
  );
  return ExitCode.ok;
}

function lastSign({ since, heartbeat }: JobRecord, heard: number | undefined): string {
  const times = [Date.parse(since), Date.parse(heartbeat?.time ?? since), heard ?? 0];
  return `${formatDuration(Math.max(0, (Date.now() - Math.max(...times)) / 1000))} ago`;
}
