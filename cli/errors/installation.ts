import { outOfMemory } from '../../core/errors/memory.js';
import { systemCode } from '../../core/errors/run.js';
import { ExitCode, messageOf, NcnError } from '../../core/errors/error.js';
import { handlesHint, hasFewHandles, isLackOfHandles, tooFewHandles } from '../handles.js';

/**
 * Failures of what ncn stands on, as errors for people: too few file handles, too little memory, a part of the
 * installation that is not there. Undefined for anything else.
 */
export function brokenSurroundings(thrown: unknown): NcnError | undefined {
  if (isLackOfHandles(thrown)) return noHandles(thrown);
  const memory = outOfMemory(thrown);
  if (memory !== undefined) return memory;
  const code = systemCode(thrown);
  const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (!missing) return undefined;
  // Node takes a package that it cannot look into for one that is not there.
  return hasFewHandles() ? noHandles(thrown) : incomplete(thrown);
}

const noHandles = (cause: unknown): NcnError =>
  new NcnError(tooFewHandles(messageOf(cause)), {
    code: 'NCN_FILE_HANDLES',
    exit: ExitCode.run,
    hint: handlesHint,
    cause,
  });

const incomplete = (cause: unknown): NcnError =>
  new NcnError(`A part of ncn cannot be loaded: ${messageOf(cause)}`, {
    code: 'NCN_INCOMPLETE',
    exit: ExitCode.internal,
    hint: "The installation is not whole ('npm install' again), or the process may open too few files ('ulimit -n' shows how many; 256 are enough).",
    cause,
  });
