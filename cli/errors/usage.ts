import type { CommanderError } from 'commander';
import { ExitCode, NcnError } from '../../core/errors/error.js';
import { nearest } from '../../core/errors/nearest.js';

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
