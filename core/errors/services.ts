import { ExitCode, NcnError } from './error.js';
import { didYouMean } from './nearest.js';

/** @param names of the services that there are */
export const serviceMissing = (name: string, names: Iterable<string>): NcnError =>
  new NcnError(`No service '${name}' is available at this point.`, {
    code: 'NCN_SERVICE_MISSING',
    exit: ExitCode.plugin,
    hint: `Ask for services inside a hook, not in setup(). ${didYouMean(name, names)}`,
  });

/** @param names each needs the next to be made, and the last is the first */
export const serviceCycle = (names: readonly string[]): NcnError =>
  new NcnError(`A service cannot be made: ${names.join(' needs ')}.`, {
    code: 'NCN_SERVICE_CYCLE',
    exit: ExitCode.plugin,
    hint: 'Let one of them ask for the other when it is used, not while it is made.',
  });
