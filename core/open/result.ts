import { ExitCode } from '../errors/error.js';
import type { RunDirectory, RunStatus } from '../run/directory.js';
import { faultsOfFinished } from '../run/finished.js';
import { summarySchema } from '../run/summary.js';
import type { RunLog } from '../services/log.js';
import type { RunResult } from '../trainer/loop/execute.js';
import type { TrainResult } from './events.js';

export function resultOf({ outcome, directory, update, exit, pluginTime }: RunResult): TrainResult {
  const finished = outcome.kind === 'finished';
  return {
    outcome: outcome.kind,
    stoppedBy: finished ? null : outcome.signal,
    directory: directory.path,
    update,
    results: finished ? outcome.summary : new Map(),
    exit,
    hookTime: pluginTime,
  };
}

/** Numbers that JSON has no other form for. */
const notFinite: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);

/**
 * The result of a run that was finished before; what of it is damaged is told.
 * @throws NcnError where it cannot be read
 */
export async function finishedBefore(
  directory: RunDirectory,
  { update = 0 }: RunStatus,
  { logger }: RunLog,
): Promise<TrainResult> {
  for (const fault of await faultsOfFinished(directory)) logger.warn(fault);
  const { results } = await directory.readJson('summary.json', summarySchema);
  return {
    outcome: 'finished',
    stoppedBy: null,
    directory: directory.path,
    update,
    results: new Map(
      Object.entries(results).map(([name, value]) => [
        name,
        typeof value === 'string' && notFinite.has(value) ? Number(value) : value,
      ]),
    ),
    exit: ExitCode.ok,
    hookTime: new Map(),
  };
}
