import type { CommanderError } from 'commander';
import { ExitCode, NcnError } from '../../core/errors/error.js';
import { didYouMean, nearest } from '../../core/errors/nearest.js';

const code = 'NCN_USAGE_COMMAND';

export function unknownCommand(name: string, names: readonly string[]): NcnError {
  const near = nearest(name, names);
  const guess =
    near === undefined ? 'An experiment is named with --preset.' : `Did you mean '${near}'?`;
  return new NcnError(`There is no command '${name}'.`, {
    code,
    exit: ExitCode.usage,
    hint: `${guess} 'ncn --help' lists the commands.`,
  });
}

/** What the parser of the command line found, as an error like all others. */
export const badCommandLine = (error: CommanderError): NcnError =>
  new NcnError(error.message.replace(/^error: /, '').replaceAll('\n', ' '), {
    code,
    exit: ExitCode.usage,
    hint: "'ncn COMMAND --help' lists the options.",
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

export const unknownDownload = (name: string): NcnError =>
  new NcnError(`'ncn data fetch' cannot download '${name}'.`, {
    code: 'NCN_USAGE_DATA',
    exit: ExitCode.usage,
    hint: didYouMean(name, ['mnist', 'speech', 'dnsmos']),
  });
