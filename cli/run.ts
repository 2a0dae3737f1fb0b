import { ExitCode } from '../core/errors/error.js';
import { openIn } from '../core/open/open.js';
import type { TrainResult } from '../core/open/events.js';
import { formatMetric } from '../core/services/format.js';
import { openContext, requestOf, type CommandContext, type ExperimentOptions } from './context.js';
import { outputIsByTheWay } from './streams.js';
import { table } from './table.js';
import { trustPlugins } from './trust.js';
import { reportTime } from './time.js';

export interface RunOptions extends ExperimentOptions {
  readonly preset?: string;
  readonly runDir?: string;
  readonly dryRun?: boolean;
}

/** `ncn run`: resolves, plans, trains. */
export async function runCommand(options: RunOptions): Promise<ExitCode> {
  const context = await openContext(options);
  const { terminal } = context;
  if (options.dryRun !== true) outputIsByTheWay();
  const experiment = await openIn(context, requestOf(options, context));
  try {
    const { lines, estimatedSeconds, preset, profile, seed, engine, dataset } =
      await experiment.plan();
    for (const line of lines) terminal.line(line);
    terminal.event({
      type: 'plan',
      preset,
      profile,
      seed,
      engine: engine.name,
      dataset: dataset.name,
      notice: dataset.notice,
      estimatedSeconds,
    });
    if (options.dryRun === true) return ExitCode.ok;
    // What the user trains with is the user's own, and what resumes it may be another process.
    trustPlugins(
      experiment.resolved.plugins.flatMap(({ loaded: { how, file } }) =>
        how === 'path' ? [file] : [],
      ),
    );
    const result = await experiment.train({
      directory: options.runDir,
      handleSignals: true,
      onStart: ({ directory }) => {
        terminal.line(`  run: ${directory}`);
        terminal.event({ type: 'run', directory });
      },
    });
    return report(context, result);
  } finally {
    await experiment.close();
  }
}

/** Tells how a run ended. */
export function report(
  { terminal }: CommandContext,
  { stoppedBy, directory, exit, results, hookTime }: TrainResult,
): ExitCode {
  reportTime(terminal, hookTime);
  if (stoppedBy !== null) {
    // Also with --quiet: how to go on is the result of such a run.
    if (terminal.mode !== 'json') {
      terminal.result(`stopped by ${stoppedBy}; continue with: ncn resume ${directory}`, null);
    }
    terminal.event({ type: 'interrupted', signal: stoppedBy, directory });
    return exit;
  }
  const show = (x: number | string | undefined): string =>
    typeof x === 'number' ? formatMetric(x) : '';
  const rows = [...results]
    .filter(([name]) => name.startsWith('test/') && !name.includes('/batch/'))
    .map(([name, value]) => [
      name.slice('test/'.length),
      show(value),
      show(results.get(name.replace('test/', 'test/batch/'))),
    ]);
  // With --quiet the results alone are shown.
  if (terminal.mode !== 'json') {
    const head = ['test set', 'moving averages', 'batch statistics'];
    const shown = rows.length === 0 ? [] : [table(head, rows)];
    terminal.result([...shown, `finished: ${directory}`].join('\n'), null);
  }
  terminal.event({ type: 'finished', directory, results: Object.fromEntries(results) });
  return exit;
}
