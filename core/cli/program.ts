import { Command, Option } from 'commander';
import { version } from '../version.js';
import type { ExitCode } from '../errors/error.js';
import { wholeNumber, type GlobalOptions } from './context.js';
import type { RunOptions } from './run.js';

const collect = (value: string, list: readonly string[] = []): string[] => [...list, value];

/** Options of commands that take a preset. */
function experimentOptions(command: Command): Command {
  return command
    .option('--profile <name>', 'documented (exactly the post) or quick (small)', 'documented')
    .option('--variant <name>', "another reading of the preset, such as 'scripts'")
    .option('--set <path=value>', 'set a value of the configuration (repeatable)', collect)
    .option('--plugin <spec>', 'add a plugin: name, path or package (repeatable)', collect)
    .option('--without <name>', 'leave a plugin out (repeatable)', collect)
    .option('--seed <n>', 'seed of every random stream', wholeNumber)
    .option('--updates <n>', 'updates of the main phase', wholeNumber)
    .option('--batch <n>', 'images in a batch', wholeNumber)
    .option('--dataset <name>', 'auto, mnist, glyphs or idx:DIR')
    .option('--data <dir>', 'folder with IDX files')
    .option('--engine <name>', "auto, or one that 'ncn doctor' lists")
    .option('--threads <n>', 'CPU threads of the engine', wholeNumber)
    .option('--eval-every <n>', 'updates between evaluations', wholeNumber)
    .option('--checkpoint-every <n>', 'updates between checkpoints', wholeNumber)
    .option('--hook-timeout <seconds>', 'time a plugin may take in a hook', Number);
}

function outputOptions(command: Command): Command {
  return command
    .option('--json', 'machine-readable lines only')
    .addOption(new Option('--quiet', 'warnings, errors and results only'));
}

/** Modules of commands are loaded when they are needed: `--help` needs none. */
function lazily<Options extends GlobalOptions>(
  load: () => Promise<(options: Options, ...args: string[]) => Promise<ExitCode>>,
) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1);
    const options = (command instanceof Command ? command.optsWithGlobals() : {}) as Options;
    const args = given.slice(0, -2).filter((arg): arg is string => typeof arg === 'string');
    const run = await load();
    process.exitCode = await run(options, ...args);
  };
}

function build(): Command {
  const ncn = new Command('ncn')
    .description('Noise Cancelling Network: train, reproduce and compare denoising networks')
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError('(ncn --help lists commands and options)');
  outputOptions(
    experimentOptions(
      ncn
        .command('run', { isDefault: true })
        .description('train an experiment: ncn --preset conditional_v5')
        .option('--preset <name>', 'the experiment')
        .option('--run-dir <dir>', 'where to put the run (default runs/<time>-<preset>-<seed>)')
        .option('--dry-run', 'say what would be done, and stop'),
    ),
  ).action(lazily<RunOptions>(async () => (await import('./run.js')).runCommand));
  return ncn;
}

/** Runs a command line. @throws NcnError, or CommanderError after its message is printed */
export async function program(args: readonly string[]): Promise<void> {
  const ncn = build();
  for (const command of [ncn, ...ncn.commands]) command.exitOverride();
  await ncn.parseAsync([...args], { from: 'user' });
}
