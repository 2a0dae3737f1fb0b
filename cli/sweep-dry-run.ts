import { openEngine } from '../engines/registry.js';
import { ExitCode } from '../core/errors/error.js';
import { jsonOf } from '../core/run/json.js';
import { formatDuration, formatSpeed } from '../core/services/format.js';
import { measureSpeed } from '../core/trainer/estimate/speed.js';
import { aboutJobs } from '../lab/sweep/about.js';
import { dueJobs, type DueJob } from '../lab/sweep/due.js';
import type { JobState } from '../lab/sweep/events.js';
import { readSweepIfThere } from '../lab/sweep/ledger.js';
import { planJobs, type PlannedJob } from '../lab/sweep/plan.js';
import type { Resources } from '../lab/sweep/sweep.js';
import { countStates, describeCounts } from '../lab/sweep/view.js';
import type { CommandContext } from './context.js';
import type { SweepOptions } from './sweep-matrix.js';
import { table } from './table.js';

/** How the jobs share the machine, for people. */
export const describeResources = ({ slots, threads, devices }: Resources): string =>
  `${slots} job${slots === 1 ? '' : 's'} at a time, ${threads} thread${threads === 1 ? '' : 's'} each${devices.length > 0 ? `, devices ${devices.join(', ')}` : ''}`;

/** Which jobs a command would have run: those of the ledger in these states, and those it adds. */
export async function dueIn(
  directory: string,
  states: readonly JobState[],
  jobs: readonly PlannedJob[],
  { data }: Pick<SweepOptions, 'data'>,
  context: CommandContext,
): Promise<{ readonly due: DueJob[]; readonly before: readonly string[] }> {
  const { records } = await readSweepIfThere(directory);
  const due = await dueJobs(
    records,
    ({ state }) => states.includes(state),
    jobs,
    (wanted) => planJobs(wanted, data, context),
  );
  const counts = countStates(records.values());
  return { due, before: records.size === 0 ? [] : [`so far ${describeCounts(counts)}`] };
}

/** Lists the jobs that are due, with a rough estimate of their time on this machine. */
export async function dryRun(
  jobs: readonly PlannedJob[],
  resources: Resources,
  directory: string,
  options: SweepOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { due, before } = await dueIn(directory, ['queued', 'running'], jobs, options, context);
  const head = [
    `${due.length} job${due.length === 1 ? '' : 's'} to run in ${directory}`,
    ...before,
  ];
  const { seconds, total, about } = await estimate(due, resources, options);
  const rows = due.map((job) => [
    job.request.preset,
    String(job.request.seed),
    job.varied.map(([path, value]) => `${path}=${JSON.stringify(value)}`).join(' '),
    String(job.updates),
    formatDuration(seconds(job)),
  ]);
  context.terminal.result(
    [
      ...(due.length === 0 ? [] : [table(['preset', 'seed', '', 'updates', 'roughly'], rows), '']),
      `${head.join('; ')}; ${describeResources(resources)}`,
      ...aboutJobs(due),
      ...about,
    ].join('\n'),
    jsonOf({
      directory,
      estimatedSeconds: total,
      jobs: due.map(({ request, varied, updates, work, unreached }) => ({
        request,
        varied,
        updates,
        multiplyAdds: work,
        unreached: [...unreached],
      })),
    }),
  );
  return ExitCode.ok;
}

interface Estimate {
  readonly seconds: (job: DueJob) => number;
  readonly total: number;
  /** For people. */
  readonly about: readonly string[];
}

async function estimate(
  jobs: readonly DueJob[],
  resources: Resources,
  options: SweepOptions,
): Promise<Estimate> {
  if (jobs.length === 0) return { seconds: () => 0, total: 0, about: [] };
  const session = await openEngine(options.engine ?? 'auto', { threads: resources.threads });
  try {
    const speeds = new Map<number, number>();
    for (const { channels } of jobs) {
      if (!speeds.has(channels)) speeds.set(channels, await measureSpeed(session, channels));
    }
    const seconds = ({ work, channels }: DueJob): number =>
      (2 * work) / ((speeds.get(channels) ?? NaN) * 1e9);
    const total = jobs.reduce((sum, job) => sum + seconds(job), 0) / resources.slots;
    const speed = [...speeds.values()].map(formatSpeed).join(' or ');
    const { engine } = session;
    const about = `roughly ${formatDuration(total)} in all: engine ${engine.name} (${engine.device}), about ${speed} a job`;
    return { seconds, total, about: [about] };
  } finally {
    await session.close();
  }
}
