import type { CommanderError } from 'commander';
import { ExitCode, NcnError } from '../../core/errors/error.js';
import { didYouMean, nearest } from '../../core/errors/nearest.js';

const code = 'NCN_USAGE_COMMAND';

/** What other programs call commands. */
const otherCommands: Readonly<Record<string, string>> = {
  train: 'run',
  fit: 'run',
  start: 'run',
  ls: 'runs',
  list: 'runs',
  status: 'runs',
  eval: 'evaluate',
  test: 'evaluate',
  continue: 'resume',
  predict: 'denoise',
  infer: 'denoise',
  init: 'new',
  create: 'new',
  plot: 'report',
  show: 'report',
  diff: 'compare',
  serve: 'watch',
  models: 'presets',
  experiments: 'presets',
  help: '--help',
};

/** @param presets names of experiments, which a newcomer takes for commands */
export function unknownCommand(
  name: string,
  names: readonly string[],
  presets: readonly string[],
): NcnError {
  const known = Object.hasOwn(otherCommands, name) ? otherCommands[name] : undefined;
  const other = known ?? nearest(name, names);
  const guess = presets.includes(name)
    ? `It is an experiment: ncn --preset ${name}.`
    : other === undefined
      ? 'An experiment is named with --preset.'
      : `Did you mean '${other}'?`;
  return new NcnError(`There is no command '${name}'.`, {
    code,
    exit: ExitCode.usage,
    hint: `${guess} 'ncn --help' lists the commands.`,
  });
}

const learningRate =
  'Values of plugins are set by their path: --set optimizer.adam.learningRate=0.001 (ncn config --preset NAME lists them).';
const updates =
  'The length of a training is given in updates, not in epochs: --updates 1000, each of one batch.';
const directory = 'The folder of the run is named with --run-dir.';

/** What other programs call options, without dashes. */
const otherOptions: Readonly<Record<string, string>> = {
  lr: learningRate,
  learningrate: learningRate,
  epochs: updates,
  epoch: updates,
  numepochs: updates,
  steps: updates,
  maxsteps: updates,
  iterations: updates,
  iters: updates,
  batchsize: 'The examples in a batch are given with --batch.',
  bs: 'The examples in a batch are given with --batch.',
  gpu: 'What computes is chosen with --engine; ncn doctor lists the engines.',
  device: 'What computes is chosen with --engine; ncn doctor lists the engines.',
  backend: 'What computes is chosen with --engine; ncn doctor lists the engines.',
  workers: 'Threads are given with --threads.',
  numworkers: 'Threads are given with --threads.',
  out: directory,
  outputdir: directory,
  outdir: directory,
  logdir: directory,
  savedir: directory,
  model: 'An experiment is named with --preset; ncn presets lists them.',
  arch: 'An experiment is named with --preset; ncn presets lists them.',
  experiment: 'An experiment is named with --preset; ncn presets lists them.',
  config: 'The file ncn.config.* of the working directory is read by itself.',
  resume: 'A run is continued with ncn resume RUN.',
  checkpoint: 'A run is continued with ncn resume RUN.',
  datadir: 'The folder of the data is named with --data.',
};

/** What is meant by an option of another program; undefined where that is not known. */
export function otherOption(message: string): string | undefined {
  const [, name = ''] = /unknown option '--?([\w-]+)/.exec(message) ?? [];
  const bare = name.toLowerCase().replace(/[^a-z]/g, '');
  return Object.hasOwn(otherOptions, bare) ? otherOptions[bare] : undefined;
}

/** What the parser of the command line found, as an error like all others. */
export const badCommandLine = (error: CommanderError): NcnError =>
  new NcnError(error.message.replace(/^error: /, '').replaceAll('\n', ' '), {
    code,
    exit: ExitCode.usage,
    hint: otherOption(error.message) ?? "'ncn COMMAND --help' lists the options.",
    cause: error,
  });

export const presetNotNamed = (): NcnError =>
  new NcnError('Which experiment? Name a preset.', {
    code: 'NCN_USAGE_PRESET',
    exit: ExitCode.usage,
    hint: "Example: ncn --preset conditional_v5 --profile quick. 'ncn presets' lists them.",
  });

export const notWholeNumber = (text: string): NcnError =>
  new NcnError(`'${text}' is not a whole number.`, {
    code: 'NCN_USAGE_NUMBER',
    exit: ExitCode.usage,
    hint: 'Digits are expected, as in 8 or 200000.',
  });

export const notDecimal = (text: string): NcnError =>
  new NcnError(`'${text}' is not a number.`, {
    code: 'NCN_USAGE_NUMBER',
    exit: ExitCode.usage,
    hint: 'Digits are expected, as in 8, 0.5 or 1e-3.',
  });

/** @param what an option with its dashes, or an argument */
export const emptyValue = (what: string): NcnError =>
  new NcnError(`${what} is empty.`, {
    code: 'NCN_USAGE_EMPTY',
    exit: ExitCode.usage,
    hint: 'Give it a value, or leave it out. (Is a variable of the shell unset?)',
  });

export const unknownDataAction = (action: string, actions: readonly string[]): NcnError =>
  new NcnError(`'ncn data' cannot '${action}'.`, {
    code: 'NCN_USAGE_DATA',
    exit: ExitCode.usage,
    hint: didYouMean(action, actions),
  });

export const unknownStudy = (name: string, names: readonly string[]): NcnError =>
  new NcnError(`There is no study '${name}'.`, {
    code: 'NCN_USAGE_STUDY',
    exit: ExitCode.usage,
    hint: didYouMean(name, names),
  });

export const twoStudies = (first: string, second: string): NcnError =>
  new NcnError(`Two studies are named: '${first}' and, with --study, '${second}'.`, {
    code: 'NCN_USAGE_STUDY',
    exit: ExitCode.usage,
    hint: 'One command reproduces one study.',
  });

/** @param path of an option that is given several values */
export const studyOfValues = (path: string, values: number): NcnError =>
  new NcnError(`'${path}' has ${values} values; a study is run with one.`, {
    code: 'NCN_USAGE_STUDY',
    exit: ExitCode.usage,
    hint: `Give it one (each in a folder of its own, --dir), or compare them with ncn sweep --presets … --set ${path}=….`,
  });

export const seedAndSeeds = (): NcnError =>
  new NcnError('Both --seed and --seeds are given.', {
    code,
    exit: ExitCode.usage,
    hint: 'Give one of them: --seeds names several (4,7 or 4..6), --seed one.',
  });

export const nothingToPlan = (): NcnError =>
  new NcnError('--report-only runs nothing: there is nothing that --dry-run could list.', {
    code,
    exit: ExitCode.usage,
    hint: 'Leave one of them out.',
  });

export const unknownDownload = (name: string, known: readonly string[]): NcnError =>
  new NcnError(`'ncn data fetch' cannot download '${name}'.`, {
    code: 'NCN_USAGE_DATA',
    exit: ExitCode.usage,
    hint: didYouMean(name, known),
  });
