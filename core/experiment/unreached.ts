import { formatCount, formatMetric } from '../services/format.js';
import { flatten } from './paths.js';
import type { ResolvedExperiment } from './resolve.js';
import { schedule, toSchedule, type ScheduleOption } from './schedule.js';

/** What a training of fewer updates than an experiment's schedules count on leaves out. */
export interface Unreached {
  /** Of the value that is scheduled. */
  readonly path: string;
  /** The last update of its schedule. */
  readonly until: number;
  /** What it would be then, and what it is at the last update there is. */
  readonly wanted: number;
  readonly reached: number;
}

/** What to do about them, for people. */
export const scaleHint = '--scale beside --updates shortens schedules in the same ratio.';

/** The same for people, each a line. @param updates of the main phase */
export const describeUnreached = (found: readonly Unreached[], updates: number): string[] =>
  found.map(
    ({ path, until, wanted, reached }) =>
      `${path} does not get to ${wanted}, which it has from update ${formatCount(until)} on: this training ends at ${formatCount(updates)}, with ${formatMetric(reached)}`,
  );

/**
 * The schedules that do not come to their end in the updates of the main phase.
 * @param networks of the experiment, by name: options are for networks of other experiments, too
 */
export function unreached(
  { core, plugins }: ResolvedExperiment,
  networks: Pick<ReadonlyMap<string, unknown>, 'has'>,
): Unreached[] {
  const found: Unreached[] = [];
  for (const { loaded, options } of plugins) {
    for (const [path, value] of flatten(options, loaded.plugin.name)) {
      const option = scheduled.safeParse(value).data;
      if (option === undefined) continue;
      const [, network] = /[.]networks[.]([^.]+)/.exec(path) ?? [];
      if (network !== undefined && !networks.has(network)) continue;
      const until = lastOf(option);
      const at = toSchedule(option);
      const [wanted, reached] = [at(until), at(core.updates)];
      if (wanted !== reached && until > core.updates) found.push({ path, until, wanted, reached });
    }
  }
  return found;
}

const scheduled = schedule();

/** The first update from which a value never changes again. */
function lastOf(option: ScheduleOption): number {
  if (typeof option === 'number') return 0;
  if (option.schedule === 'step') return option.at + 1;
  // It has no end to come to.
  if (option.schedule === 'exponential') return 0;
  if (option.schedule !== 'piecewise') return option.end;
  return Math.max(0, ...option.pieces.map(({ after }) => after + 1));
}
