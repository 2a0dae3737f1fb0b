import { ExitCode, NcnError } from '../../core/errors/error.js';

/** A network does something else for another batch size. */
export function batchDependent(what: string): NcnError {
  return new NcnError(
    `The network cannot be exported for every batch size: ${what} depend(s) on the size in a way that a graph cannot express.`,
    {
      code: 'NCN_EXPORT_BATCH',
      exit: ExitCode.plugin,
      hint: 'A network should treat each example of a batch alike when it is evaluated.',
    },
  );
}

/** No library to check the exported model with. */
export function cannotCheck(reason: string): NcnError {
  return new NcnError(`An exported model is checked before it is written, but ${reason}.`, {
    code: 'NCN_EXPORT_UNCHECKED',
    exit: ExitCode.engine,
    hint: "'ncn doctor' says why the engine 'compiled' is not there; export on a machine that has it.",
  });
}
