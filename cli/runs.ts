import { ExitCode } from '../core/errors/error.js';
import { runsRoot } from '../core/run/directory.js';
import { jsonOf } from '../core/run/json.js';
import { formatCount, formatValue } from '../core/services/format.js';
import { Terminal } from '../core/services/terminal.js';
import { inOneLine } from '../lab/harmless.js';
import type { ListedRunModel, StatusModel } from '../lab/report/model.js';
import { listModel } from '../lab/watch/models.js';
import { WatchedRuns } from '../lab/watch/runs.js';
import { modeOf, type GlobalOptions } from './context.js';
import { table } from './table.js';

/** `ncn runs [DIR]`: the runs in a folder, the newest first. */
export async function runsCommand(options: GlobalOptions, folder: string): Promise<ExitCode> {
  const terminal = new Terminal(modeOf(options));
  const { title, runs } = await listModel(await WatchedRuns.of(folder === '' ? runsRoot : folder));
  const json = runs.map(({ id, preset, profile, seed, created, status, metrics, problem }) => ({
    run: id,
    preset,
    profile,
    seed,
    created,
    ...status,
    results: Object.fromEntries(metrics.map(({ metric, value }) => [metric.name, value])),
    ...(problem === undefined ? {} : { problem }),
  }));
  const text =
    runs.length === 0
      ? `There are no runs in ${title}.`
      : table(['run', 'preset', 'profile', 'seed', 'state', 'result'], runs.map(row));
  terminal.result(text, jsonOf(json));
  if (runs.length > 0) terminal.line("\n  'latest' stands for the newest: ncn report latest");
  return ExitCode.ok;
}

function row(run: ListedRunModel): string[] {
  const { id, preset, profile, seed, status, metrics, problem } = run;
  const values = metrics.map(
    ({ metric, value }) => `${metric.label} ${formatValue(value, metric)}`,
  );
  const cells =
    problem === undefined
      ? [id, preset, profile, String(seed), stateOf(status), values.join(', ')]
      : [id, '', '', '', 'unreadable', problem];
  return cells.map(inOneLine);
}

function stateOf({ state, update, totalUpdates }: StatusModel): string {
  if (state === 'finished') return state;
  return `${state} at ${formatCount(update)} of ${formatCount(totalUpdates)}`;
}
