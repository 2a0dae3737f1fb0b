import { ExitCode, messageOf, NcnError } from './error.js';
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

/** What an engine threw at its work that is no error for people. @param doing after "failed to" */
export function engineRan(engine: string, doing: string, cause: unknown): NcnError {
  return new NcnError(`Engine '${engine}' failed to ${doing}: ${messageOf(cause)}`, {
    code: 'NCN_ENGINE_FAILED',
    exit: ExitCode.engine,
    hint: "What was saved before is intact. 'ncn doctor' checks every engine; another can be chosen with --engine.",
    cause,
  });
}

export function engineWithoutMemory(engine: string, doing: string, cause: unknown): NcnError {
  return new NcnError(`Engine '${engine}' found no memory to ${doing}.`, {
    code: 'NCN_ENGINE_FAILED',
    exit: ExitCode.engine,
    hint: 'Choose a smaller --batch or narrower networks, or give the process more memory.',
    cause,
  });
}

const lostCode = 'NCN_ENGINE_LOST';

/** The device below an engine is gone: a GPU that was reset, or taken away. */
export function engineLostDevice(engine: string, doing: string, cause: unknown): NcnError {
  return new NcnError(`Engine '${engine}' lost its device, and failed to ${doing}.`, {
    code: lostCode,
    exit: ExitCode.engine,
    hint: "What was saved before is intact: 'ncn resume' goes on once the device is back, or elsewhere, with such as '--engine wasm --accept-changes'.",
    cause,
  });
}

/** Whether it is that, which no plugin can be the reason of, in whose name ever it is seen. */
export const isLostDevice = (error: unknown): error is NcnError =>
  error instanceof NcnError && error.code === lostCode;
