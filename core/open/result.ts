import { z } from 'zod';
import { ExitCode } from '../errors/error.js';
import type { RunDirectory, RunStatus } from '../run/directory.js';
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

const notFinite = ['NaN', 'Infinity', '-Infinity'];

const summarySchema = z.object({
  results: z.record(
    z.string(),
    z.union([z.number(), z.enum(notFinite).transform(Number), z.string()]),
  ),
});

/** The result of a run that was finished before. @throws NcnError where it cannot be read */
export async function finishedBefore(
  directory: RunDirectory,
  { update = 0 }: RunStatus,
): Promise<TrainResult> {
  const { results } = await directory.readJson('summary.json', summarySchema);
  return {
    outcome: 'finished',
    stoppedBy: null,
    directory: directory.path,
    update,
    results: new Map(Object.entries(results)),
    exit: ExitCode.ok,
    hookTime: new Map(),
  };
}
