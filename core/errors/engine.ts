import { ExitCode, NcnError } from './error.js';
import { didYouMean } from './nearest.js';

export function engineAbsent(engine: string, reason: string): NcnError {
  return new NcnError(`Engine '${engine}' is not available: ${reason}`, {
    code: 'NCN_ENGINE_ABSENT',
    exit: ExitCode.engine,
    hint: "'ncn doctor' lists what is; '--engine auto' takes the best.",
  });
}

export function engineUnknown(engine: string, names: Iterable<string>): NcnError {
  return new NcnError(`There is no engine '${engine}'.`, {
    code: 'NCN_ENGINE_UNKNOWN',
    exit: ExitCode.usage,
    hint: didYouMean(engine, names),
  });
}
