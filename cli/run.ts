import { ExitCode } from '../core/errors/error.js';
import type { OpenExperiment } from '../core/open/experiment.js';
import { openIn } from '../core/open/open.js';
import type { TrainResult } from '../core/open/events.js';
import { jsonOf } from '../core/run/json.js';
import type { Plan } from '../core/trainer/estimate/plan.js';
import { askSize, type Size } from './ask-size.js';
import { openContext, requestOf, type CommandContext, type ExperimentOptions } from './context.js';
import { asDeclared, declaredIn, methodTableOf, showResult } from './methods.js';
import { outputIsByTheWay } from './streams.js';
import { quoted } from './quote.js';
import { table } from './table.js';
import { trustPlugins } from './trust.js';
import { reportTime } from './time.js';

export interface RunOptions extends ExperimentOptions {
  readonly preset?: string;
  readonly runDir?: string;
  readonly dryRun?: boolean;
}

/** Above this many seconds, a run at a terminal asks whether another size is meant. */
const long = 24 * 3600;

/** `ncn run`: resolves, plans, trains. */
export async function runCommand(options: RunOptions): Promise<ExitCode> {
  const context = await openContext(options);
  if (options.dryRun !== true) outputIsByTheWay();
  const experiment = await openIn(context, requestOf(options, context));
  try {
    const plan = await experiment.plan(options.dryRun !== true);
    const sizes = await otherSizes(context, options, plan);
    if (sizes.length > 0) {
      const profile = await askSize(sizes, process.stdin, process.stdout);
      if (profile === undefined) return ExitCode.ok;
      if (profile !== plan.profile) {
        await experiment.close();
        return await runCommand({ ...options, profile });
      }
    }
    return await trainPlanned(context, experiment, plan, options);
  } finally {
    await experiment.close();
  }
}

/** The profiles with their times, where somebody can choose and has not, and it matters. */
async function otherSizes(
  context: CommandContext,
  options: RunOptions,
  plan: Plan,
): Promise<Size[]> {
  const { terminal, library, configFile } = context;
  const chosen = options.profile !== undefined || configFile?.profile !== undefined;
  const asks = terminal.interactive && process.stdin.isTTY && options.dryRun !== true;
  if (chosen || !asks || plan.estimatedSeconds <= long) return [];
  const sizes: Size[] = [];
  for (const { name: profile, summary } of library.listProfiles()) {
    const at = await openIn(context, requestOf({ ...options, profile }, context));
    try {
      const seconds = (await at.plan()).estimatedSeconds;
      sizes.push({ profile, summary, seconds });
    } finally {
      await at.close();
    }
  }
  return sizes.sort((a, b) => a.seconds - b.seconds);
}

async function trainPlanned(
  context: CommandContext,
  experiment: OpenExperiment,
  plan: Plan,
  options: RunOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const { lines, estimatedSeconds, memory, preset, profile, seed, engine, dataset, unreached } =
    plan;
  for (const line of lines) terminal.line(line);
  terminal.event({
    type: 'plan',
    preset,
    profile,
    seed,
    engine: engine.name,
    dataset: dataset.name,
    notice: dataset.notice,
    unreached: jsonOf(unreached),
    estimatedSeconds,
    memory: jsonOf(memory),
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
  return await report(context, result);
}

/** Tells how a run ended. */
export async function report(
  { terminal }: CommandContext,
  { stoppedBy, directory, update, exit, results, hookTime }: TrainResult,
): Promise<ExitCode> {
  reportTime(terminal, hookTime);
  if (stoppedBy !== null) {
    // Also with --quiet: how to go on is the result of such a run.
    if (terminal.mode !== 'json') {
      terminal.result(
        `stopped by ${stoppedBy}; continue with: ncn resume ${quoted(directory)}`,
        null,
      );
    }
    terminal.event({ type: 'interrupted', signal: stoppedBy, directory });
    return exit;
  }
  const declared = await declaredIn(directory);
  const ordered = asDeclared(results, declared);
  const show = (name: string): string => {
    const value = results.get(name);
    return typeof value === 'number' ? showResult(name, value, declared) : '';
  };
  const methods = await methodTableOf(directory, declared);
  const rows = ordered
    .filter(([name]) => name.startsWith('test/') && !name.includes('/batch/'))
    .filter(([name]) => methods?.told.has(name.slice('test/'.length)) !== true)
    .map(([name]) => [
      name.slice('test/'.length),
      show(name),
      show(name.replace('test/', 'test/batch/')),
    ]);
  // What plugins add: numbers of their own evaluations, the best value.
  const further = ordered
    .filter(([name, value]) => typeof value === 'number' && !/^(test|fixed)\//.test(name))
    .map(([name]) => [name, show(name)]);
  const stopped = results.get('stopped');
  // With --quiet the results alone are shown.
  if (terminal.mode !== 'json') {
    const head = ['test set', 'moving averages', 'batch statistics'];
    const shown = rows.length === 0 ? [] : [table(head, rows)];
    if (methods !== undefined) shown.push(methods.text);
    if (further.length > 0) shown.push(table(['further results', ''], further));
    if (stopped !== undefined) shown.push(`stopped early at update ${update}: ${stopped}`);
    terminal.result([...shown, `finished: ${directory}`].join('\n'), null);
  }
  terminal.event({ type: 'finished', directory, results: Object.fromEntries(results) });
  return exit;
}
