import { ExitCode, NcnError } from '../../core/errors/error.js';
import { didYouMean } from '../../core/errors/nearest.js';

export const badScaffoldName = (name: string): NcnError =>
  new NcnError(`'${name}' cannot be the name of a package.`, {
    code: 'NCN_NEW_NAME',
    exit: ExitCode.usage,
    hint: 'Use lower-case letters, digits and dashes: my-plugin.',
  });

export const unknownScaffold = (kind: string): NcnError =>
  new NcnError(`There is no kind '${kind}' of new package.`, {
    code: 'NCN_NEW_KIND',
    exit: ExitCode.usage,
    hint: `${didYouMean(kind, ['plugin', 'preset'])} Example: ncn new plugin my-plugin`,
  });

export const folderExists = (folder: string): NcnError =>
  new NcnError(`${folder} exists and is not empty.`, {
    code: 'NCN_NEW_EXISTS',
    exit: ExitCode.usage,
    hint: 'Nothing was written. Choose another name, or remove it first.',
  });
