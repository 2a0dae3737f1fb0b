import type { Command } from 'commander';
import type { ExitCode } from '../core/errors/error.js';
import type { GlobalOptions } from './context.js';
import type { WorkOptions } from './sweep-work.js';
import { collect, wholeNumber } from './values.js';

/** How the program makes its commands. */
export interface CommandKit {
  /** Adds the options of commands that take an experiment. */
  readonly experiment: (command: Command) => Command;
  /** Adds the options that every command has. */
  readonly output: (command: Command) => Command;
  readonly lazily: (
    load: () => Promise<(options: GlobalOptions, argument: string) => Promise<ExitCode>>,
  ) => (...given: unknown[]) => Promise<void>;
}

/** Who runs the jobs. */
function launcherOptions(command: Command): Command {
  return command
    .option('--launcher <plugin>', 'what runs the jobs: a plugin (default launcher.local)')
    .option('--launcher-set <option=value>', 'an option of the launcher (repeatable)', collect);
}

/** What to do where the lock's holder is on another machine and may be dead. */
function lockOption(command: Command): Command {
  return command.option(
    '--take-lock [seconds]',
    'take the lock of a sweep from a process on another machine that gives no sign of life (default 90 s)',
    wholeNumber,
  );
}

/** How many jobs, on what, and where. */
function sharingOptions(command: Command): Command {
  return lockOption(launcherOptions(command))
    .option('--seeds <which>', 'how many (3: seeds 1, 2, 3), a list (4,7) or a range (4..6)')
    .option('--jobs <n>', 'jobs at a time (default: one for each core, or device)', wholeNumber)
    .option('--devices <list>', 'GPUs, one job on each: 0,1,2,3')
    .option('--dry-run', 'list the jobs with a rough estimate (or what a cluster gets), and stop')
    .option('--wait', 'where the launcher queues: stay, and follow the jobs to their end');
}

/** Adds `ncn reproduce`. */
function addReproduce(ncn: Command, { experiment, lazily }: CommandKit): void {
  experiment(
    sharingOptions(
      ncn
        .command('reproduce [study]')
        .description(
          "run a study's experiments (default: the post's sixteen; quick, 3 seeds), and report",
        )
        .option('--study <name>', 'the same as naming it')
        .option('--presets <patterns>', 'only these of them')
        .option('--dir <dir>', 'folder of the sweep (default runs/reproduce-<profile>)')
        .option('--report-only', 'report what is done so far, and run nothing')
        .option(
          '--write-docs [folder]',
          'write tables, numbers and figures there, too (default docs)',
        ),
    ),
  ).action(lazily(async () => (await import('./reproduce.js')).reproduceCommand));
}

/** Adds `ncn sweep` with its subcommands, and `ncn reproduce`. */
export function addSweep(ncn: Command, kit: CommandKit): void {
  const { experiment, output, lazily } = kit;
  addReproduce(ncn, kit);
  const module = async () => import('./sweep.js');
  const sweep = experiment(
    sharingOptions(
      ncn
        .command('sweep')
        .description('run a matrix of experiments; --set path=a,b,c varies a value')
        .option('--presets <patterns>', "experiments: names and patterns, 'dcgans_*,dcnn_v1'")
        .option('--dir <dir>', 'folder of the sweep (default runs/sweep-<hash of the matrix>)'),
    ),
  ).action(lazily(async () => (await module()).sweepCommand));
  output(
    launcherOptions(
      sweep.command('status <dir>').description('every job of a sweep and how it stands'),
    ),
  ).action(lazily(async () => (await module()).sweepStatusCommand));
  output(
    launcherOptions(
      sweep.command('watch <dir>').description('follow the jobs of a sweep that run elsewhere'),
    ),
  ).action(lazily(async () => (await import('./sweep-queue.js')).sweepWatchCommand));
  output(
    sweep
      .command('work <dir>', { hidden: true })
      .description('what a cluster executes for each job')
      .requiredOption('--job <name>', 'name of the job')
      .requiredOption('--token <token>', 'the submission that it belongs to')
      .requiredOption('--request <json>', 'what to run')
      .option('--threads <n>', 'CPU threads of the engine', wholeNumber)
      .option('--data <dir>', 'folder with the files of the data set'),
  ).action(async (...given: unknown[]) => {
    const { sweepWorkCommand } = await import('./sweep-work.js');
    await lazily(() =>
      Promise.resolve((options: GlobalOptions & Partial<WorkOptions>, dir: string) => {
        const { job = '', token = '', request = '' } = options;
        return sweepWorkCommand({ ...options, job, token, request }, dir);
      }),
    )(...given);
  });
  for (const [action, description] of [
    ['retry', 'queue failed or cancelled jobs again (all, or those of these numbers)'],
    ['cancel', 'take jobs out of the queue, or stop them (all, or those of these numbers)'],
  ] as const) {
    output(
      lockOption(
        launcherOptions(sweep.command(`${action} <dir> [jobs...]`).description(description)),
      ),
    ).action(async (...given: unknown[]) => {
      const [, jobs] = given;
      const numbers = Array.isArray(jobs) ? jobs.map(String) : [];
      await lazily(async () => {
        const { sweepControlCommand } = await import('./sweep-control.js');
        return (options, dir) => sweepControlCommand(options, action, dir, numbers);
      })(...given);
    });
  }
}
