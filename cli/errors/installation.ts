import { systemCode } from '../../core/errors/run.js';
import { ExitCode, messageOf, NcnError } from '../../core/errors/error.js';

/**
 * Failures of what ncn stands on, as errors for people: too few file handles, a part of the installation
 * that is not there. Undefined for anything else.
 */
export function brokenSurroundings(thrown: unknown): NcnError | undefined {
  const code = systemCode(thrown);
  if (code === 'EMFILE' || code === 'ENFILE') return tooFewHandles(thrown);
  const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return missing ? incomplete(thrown) : undefined;
}

const tooFewHandles = (cause: unknown): NcnError =>
  new NcnError(`This process may not open any more files: ${messageOf(cause)}`, {
    code: 'NCN_FILE_HANDLES',
    exit: ExitCode.run,
    hint: "'ulimit -n' shows how many it may; 256 are enough.",
    cause,
  });

const incomplete = (cause: unknown): NcnError =>
  new NcnError(`A part of ncn cannot be loaded: ${messageOf(cause)}`, {
    code: 'NCN_INCOMPLETE',
    exit: ExitCode.internal,
    hint: "The installation is not whole ('npm install' again), or the process may open too few files ('ulimit -n' shows how many; 256 are enough).",
    cause,
  });
