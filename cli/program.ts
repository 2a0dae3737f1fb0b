import { Command, Option } from 'commander';
import { version } from '../core/version.js';
import { ModuleFolder } from '../core/modules/folder.js';
import { otherOption, unknownCommand } from './errors/usage.js';
import type { ExitCode } from '../core/errors/error.js';
import { refuseEmpty } from './empty.js';
import { rememberOrder } from './short-options.js';
import { addSweep } from './sweep-options.js';
import type { GlobalOptions } from './context.js';
import { collect, decimalNumber, wholeNumber } from './values.js';
import type { DataOptions } from './data.js';
import type { DenoiseOptions } from './denoise-options.js';
import type { ExportOptions } from './export.js';
import type { ResolveOptions } from './list.js';
import type { EvaluateOptions } from './evaluate.js';
import type { OpenRunOptions } from './open-run.js';
import type { ReplayOptions } from './replay.js';
import type { ReportOptions } from './report.js';
import type { RunOptions } from './run.js';
import type { WatchOptions } from './watch.js';

/** Options of commands that take a preset. */
const experimentOptions = (command: Command): Command =>
  changeOptions(
    command
      .option('--profile <name>', 'documented (exactly the post, the default) or quick (small)')
      .option('--variant <name>', "another reading of the preset, such as 'scripts'"),
  );

/** The same of commands that take one alone. */
const scaledOptions = (command: Command): Command =>
  experimentOptions(command).option(
    '--scale',
    'with --updates: schedules and other phases become shorter (or longer) in the same ratio',
  );

/** Options that change an experiment, or a run's. */
function changeOptions(command: Command): Command {
  return rememberOrder(command)
    .option('--set <path=value>', 'set a value of the configuration (repeatable)', collect)
    .option('--plugin <spec>', 'add a plugin: name, path or package (repeatable)', collect)
    .option('--without <name>', 'leave a plugin out (repeatable)', collect)
    .option('--seed <n>', 'seed of every random stream', wholeNumber)
    .option('--updates <n>', 'updates of the main phase', wholeNumber)
    .option('--batch <n>', 'examples in a batch', wholeNumber)
    .option(
      '--dataset <name>',
      'one that plugins offer, such as mnist, idx:DIR, speech:DIR; or auto',
    )
    .option('--data <dir>', 'folder with the files of the data set')
    .option('--engine <name>', "auto, or one that 'ncn doctor' lists")
    .option('--threads <n>', 'CPU threads of the engine', wholeNumber)
    .option('--eval-every <n>', 'updates between evaluations', wholeNumber)
    .option('--checkpoint-every <n>', 'updates between checkpoints', wholeNumber)
    .option('--hook-timeout <seconds>', 'time a plugin may take in a hook', decimalNumber)
    .option('--trace-hooks', 'print each tap that ran, with its time');
}

/** For jobs of a sweep: a configuration file is part of what they are, so that they read none. */
const toldOptions = (command: Command): Command =>
  command.addOption(new Option('--config-json <json>', 'what ncn.config.* says').hideHelp());

function outputOptions(command: Command): Command {
  return command
    .option('--json', 'machine-readable lines only')
    .addOption(new Option('--quiet', 'warnings, errors and results only'));
}

type CommandFunction<Options> = (
  options: Options,
  argument: string,
  second: string,
) => Promise<ExitCode>;

const textOf = (given: unknown): string => (typeof given === 'string' ? given : '');

/** Modules of commands are loaded when they are needed: `--help` needs none. */
function lazily<Options extends GlobalOptions>(
  load: () => Promise<CommandFunction<Options>>,
): (...given: unknown[]) => Promise<void> {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1);
    const options = (command instanceof Command ? command.optsWithGlobals() : {}) as Options;
    const [argument, second] = given;
    const run = await load();
    process.exitCode = await run(options, textOf(argument), textOf(second));
  };
}

/** As {@link lazily}, for commands that take any number of runs. */
function lazilyMany(
  load: () => Promise<(options: ReportOptions, names: readonly string[]) => Promise<ExitCode>>,
): (...given: unknown[]) => Promise<void> {
  return async (names: unknown, ...given: unknown[]): Promise<void> => {
    const list: string[] = Array.isArray(names) ? names.map(String) : [];
    const run = await load();
    await lazily<ReportOptions>(() => Promise.resolve((options) => run(options, list)))(...given);
  };
}

function build(): Command {
  const ncn = new Command('ncn')
    .description('Noise Cancelling Network: train, reproduce and compare denoising networks')
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError('(ncn --help lists commands and options)');
  outputOptions(
    scaledOptions(
      toldOptions(ncn.command('run', { isDefault: true }))
        .description('train an experiment: ncn --preset conditional_v5')
        .option('--preset <name>', 'the experiment')
        .option('--run-dir <dir>', 'where to put the run (default runs/<time>-<preset>-<seed>)')
        .option('--dry-run', 'say what would be done, and stop'),
    ),
  ).action(lazily<RunOptions>(async () => (await import('./run.js')).runCommand));
  const preset = (command: Command): Command =>
    outputOptions(scaledOptions(command.option('--preset <name>', 'the experiment')));
  outputOptions(
    ncn.command('runs [dir]').description('list the runs in a folder (default runs), newest first'),
  ).action(lazily<GlobalOptions>(async () => (await import('./runs.js')).runsCommand));
  const list = async () => import('./list.js');
  outputOptions(
    ncn.command('presets [name]').description('list the experiments, or describe one'),
  ).action(lazily<GlobalOptions>(async () => (await import('./presets.js')).presetsCommand));
  outputOptions(ncn.command('plugins').description('list the plugins that come with ncn')).action(
    lazily<GlobalOptions>(async () => (await list()).pluginsCommand),
  );
  preset(
    ncn.command('hooks').description('list the hooks, and who taps them in which order'),
  ).action(lazily<ResolveOptions>(async () => (await list()).hooksCommand));
  preset(ncn.command('config').description('print each value, its type and its origin')).action(
    lazily<ResolveOptions>(async () => (await list()).configCommand),
  );
  preset(
    ncn.command('explain <path>').description('say where a value comes from, and who reads it'),
  ).action(lazily<ResolveOptions>(async () => (await import('./explain.js')).explainCommand));
  preset(
    ncn.command('graph').description('show the networks layer by layer, and who made each part'),
  ).action(lazily<ResolveOptions>(async () => (await import('./graph.js')).graphCommand));
  preset(
    ncn.command('schema').description('print the JSON Schema of preset and configuration files'),
  ).action(lazily<ResolveOptions>(async () => (await import('./schema.js')).schemaCommand));
  const run = (name: string, description: string): Command =>
    outputOptions(
      changeOptions(ncn.command(`${name} <run>`).description(description)).option(
        '--trust-plugins',
        'load the code that the run names, also from outside of this project',
      ),
    );
  toldOptions(run('resume', 'continue a run that was stopped'))
    .option('--accept-changes', 'even with a changed configuration')
    .action(lazily<OpenRunOptions>(async () => (await import('./resume.js')).resumeCommand));
  run('replay', 'repeat one update of a run; writes nothing')
    .option('--update <n>', 'which update', wholeNumber)
    .action(lazily<ReplayOptions>(async () => (await import('./replay.js')).replayCommand));
  run('evaluate', "run a run's evaluations on its newest checkpoint")
    .option('--per-example <file>', 'write the values of each test example (safetensors)')
    .action(lazily<EvaluateOptions>(async () => (await import('./evaluate.js')).evaluateCommand));
  outputOptions(ncn.command('checkpoints <run>').description("list a run's checkpoints")).action(
    lazily<GlobalOptions>(async () => (await import('./checkpoints.js')).checkpointsCommand),
  );
  outputOptions(
    changeOptions(
      ncn
        .command('denoise [what]')
        .description('take known music and noise out of a recording, or use the network of a run'),
    ),
  )
    .option(
      '--trust-plugins',
      'load the code that the run names, also from outside of this project',
    )
    .option('--input <file>', 'the mixture: the input of this name')
    .option('--reference <file>', 'the reference, as the network was trained to see it')
    .option('--signal <name=file>', 'another input of the network (repeatable)', collect)
    .option(
      '--example <n>',
      'take the inputs from this example of the test set, and write them beside the result',
      wholeNumber,
    )
    .option('--method <name>', 'of a recording (ncn denoise mic.wav): network, or canceller alone')
    .option(
      '--run <run>',
      'of a recording: the run whose network is used (default: the one that comes with ncn)',
    )
    .option(
      '--stream',
      'raw 16-bit samples of 16 kHz, microphone and reference, from standard input to standard output',
    )
    .option(
      '--delay <ms>',
      'of a stream: how much later the reference comes (0 to 500)',
      decimalNumber,
    )
    .option('-o, --output <file>', 'where to write the result')
    .action(lazily<DenoiseOptions>(async () => (await import('./denoise.js')).denoiseCommand));
  run('export', "write a run's main network for other programs, checked against the engine")
    .option(
      '--format <name>',
      'onnx (of a network that can run in pieces: one piece), onnx-whole, or run: only what its use needs',
      'onnx',
    )
    .option('-o, --output <file>', 'where to write it (default RUN/exports/NETWORK-<update>.onnx)')
    .action(lazily<ExportOptions>(async () => (await import('./export.js')).exportCommand));
  outputOptions(
    ncn
      .command('data [action] [what]')
      .description(
        'show, fetch or verify data sets; fetch speech: the corpus of sounds; fetch dnsmos, gtcrn: models that rate speech and suppress noise, to measure with',
      )
      .option('--data <dir>', 'folder with the files of the data set, or for the sounds'),
  ).action(lazily<DataOptions>(async () => (await import('./data.js')).dataCommand));
  const pages = (name: string, description: string): Command =>
    outputOptions(
      ncn
        .command(`${name} [runs...]`)
        .description(description)
        .option('-o, --output <html>', 'where'),
    );
  const report = async () => import('./report.js');
  pages('report', 'write a page about a run, or about several').action(
    lazilyMany(async () => (await report()).reportCommand),
  );
  pages('compare', 'compare runs: on the console, and with --output as a page').action(
    lazilyMany(async () => (await report()).compareCommand),
  );
  outputOptions(
    ncn
      .command('watch [dir]')
      .description('serve the pages of all runs in a folder, and follow those that train')
      .option('--port <n>', 'port on this machine; a free one by default', wholeNumber),
  ).action(lazily<WatchOptions>(async () => (await import('./watch.js')).watchCommand));
  outputOptions(
    ncn
      .command('new <kind> <name>')
      .description('make a package for a plugin or a preset: ncn new plugin my-plugin'),
  ).action(async (kind: string, name: string, options: GlobalOptions) => {
    process.exitCode = await (await import('./new.js')).newCommand(options, kind, name);
  });
  outputOptions(ncn.command('doctor').description('check every engine')).action(
    lazily<GlobalOptions>(async () => (await import('./doctor.js')).doctorCommand),
  );
  addSweep(ncn, {
    experiment: (command) => outputOptions(scaledOptions(command)),
    output: outputOptions,
    lazily,
  });
  return ncn;
}

/** What the parser says, with what is meant by an option of another program. */
function withHint(text: string, write: (text: string) => void): void {
  const hint = otherOption(text);
  // The parser's own guess is the option with the nearest letters.
  write(hint === undefined ? text : `${text.trimEnd().split('\n')[0] ?? ''}\n  ${hint}\n`);
}

/** As it is typed: `sweep status`. */
function pathOf(command: Command): string {
  const { parent } = command;
  const above = parent?.parent == null ? '' : `${pathOf(parent)} `;
  return above + command.name();
}

/** Runs a command line. @throws NcnError, or CommanderError after its message is printed on stderr */
export async function program(args: readonly string[]): Promise<void> {
  const ncn = build();
  const override = (command: Command): void => {
    command.exitOverride();
    command.configureOutput({ outputError: withHint });
    if (command !== ncn && command.name() !== 'run') {
      command.showHelpAfterError(`(ncn ${pathOf(command)} --help tells what it takes)`);
    }
    command.commands.forEach(override);
  };
  override(ncn);
  ncn.hook('preAction', async (_, command) => {
    refuseEmpty(command);
    const { beginEarly } = await import('./early.js');
    await beginEarly(command.opts(), command.name() === 'run');
  });
  const [first] = args;
  const names = [...ncn.commands.map((command) => command.name()), 'help'];
  // Commander would take it for an argument of the default command.
  const given = first === 'help' ? args.filter((arg) => arg !== '--') : args;
  const asked = first === 'help' ? given[1] : first;
  if (asked !== undefined && !/^-./.test(asked) && !names.includes(asked)) {
    throw unknownCommand(asked, names, [...new ModuleFolder('presets').list().keys()]);
  }
  await ncn.parseAsync([...given], { from: 'user' });
}
