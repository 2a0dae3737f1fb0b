import { openEngine } from '../engines/registry.js';
import { ExitCode } from '../core/errors/error.js';
import { resolveExperiment } from '../core/experiment/resolve.js';
import { RunDirectory, runsRoot } from '../core/run/directory.js';
import { formatMetric } from '../core/services/format.js';
import { reportTime } from './time.js';
import { makePlan } from '../core/trainer/estimate/plan.js';
import { prepare } from '../core/trainer/build/prepare.js';
import { startRun, type RunResult } from '../core/trainer/loop/execute.js';
import { channelsOf, measureSpeed } from '../core/trainer/estimate/speed.js';
import { validateSteps } from '../core/trainer/build/state.js';
import { openContext, requestOf, type CommandContext, type ExperimentOptions } from './context.js';
import { table } from './table.js';

export interface RunOptions extends ExperimentOptions {
  readonly preset?: string;
  readonly runDir?: string;
  readonly dryRun?: boolean;
}

/** `ncn run`: resolves, plans, trains. */
export async function runCommand(options: RunOptions): Promise<ExitCode> {
  const context = await openContext(options);
  const { terminal, library, loader } = context;
  const experiment = await resolveExperiment(requestOf(options, context), library, loader);
  const prepared = await prepare(experiment, context);
  const { engine, threads, seed } = experiment.core;
  const session = await openEngine(engine, threads === null ? {} : { threads });
  try {
    validateSteps(prepared, session);
    const speed = await measureSpeed(session, channelsOf(prepared.built.networks.values()));
    const plan = makePlan(prepared, session.engine, speed);
    for (const line of plan.lines) terminal.line(line);
    terminal.event({
      type: 'plan',
      preset: experiment.preset.name,
      profile: experiment.profile,
      seed,
      engine: session.engine.name,
      dataset: prepared.dataset.name,
      notice: prepared.dataset.notice ?? null,
      estimatedSeconds: plan.estimatedSeconds,
    });
    if (options.dryRun === true) return ExitCode.ok;
    const directory =
      options.runDir === undefined
        ? await RunDirectory.create(runsRoot, experiment.preset.name, seed, new Date())
        : await RunDirectory.createAt(options.runDir);
    const lock = await directory.lock((message) => context.log.logger.warn(message));
    terminal.line(`  run: ${directory.path}`);
    terminal.event({ type: 'run', directory: directory.path });
    try {
      return report(context, await startRun(prepared, session, directory, context));
    } finally {
      await lock.release();
    }
  } finally {
    await session.close();
  }
}

/** Tells how a run ended. */
export function report(
  { terminal }: CommandContext,
  { outcome, directory, exit, pluginTime }: RunResult,
): ExitCode {
  reportTime(terminal, pluginTime);
  if (outcome.kind === 'interrupted') {
    // Also with --quiet: how to go on is the result of such a run.
    if (terminal.mode !== 'json') {
      terminal.result(
        `stopped by ${outcome.signal}; continue with: ncn resume ${directory.path}`,
        null,
      );
    }
    terminal.event({ type: 'interrupted', signal: outcome.signal, directory: directory.path });
    return exit;
  }
  const { summary } = outcome;
  const results = Object.fromEntries(summary);
  const show = (x: number | string | undefined): string =>
    typeof x === 'number' ? formatMetric(x) : '';
  const rows = [...summary]
    .filter(([name]) => name.startsWith('test/') && !name.includes('/batch/'))
    .map(([name, value]) => [
      name.slice('test/'.length),
      show(value),
      show(summary.get(name.replace('test/', 'test/batch/'))),
    ]);
  // With --quiet the results alone are shown.
  if (terminal.mode !== 'json') {
    const head = ['test set', 'moving averages', 'batch statistics'];
    const results = rows.length === 0 ? [] : [table(head, rows)];
    terminal.result([...results, `finished: ${directory.path}`].join('\n'), null);
  }
  terminal.event({ type: 'finished', directory: directory.path, results });
  return exit;
}
