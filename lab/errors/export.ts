import { ExitCode, NcnError } from '../../core/errors/error.js';
import { didYouMean } from '../../core/errors/nearest.js';

export function unknownFormat(format: string, known: readonly string[]): NcnError {
  return new NcnError(`There is no export format '${format}'.`, {
    code: 'NCN_EXPORT_FORMAT',
    exit: ExitCode.usage,
    hint: didYouMean(format, known),
  });
}

export function nothingToExport(run: string): NcnError {
  return new NcnError(`${run} has no checkpoint: there is no trained network to export.`, {
    code: 'NCN_EXPORT_EMPTY',
    exit: ExitCode.run,
    hint: 'Resume the run until it saves one.',
  });
}

/** The exported model computes something else than the engine. */
export function exportDiffers(difference: number, tolerance: number, engine: string): NcnError {
  return new NcnError(
    `The exported model differs from engine '${engine}' by ${difference.toExponential(2)} (at most ${tolerance} was expected); nothing was written.`,
    {
      code: 'NCN_EXPORT_DIFFERS',
      exit: ExitCode.engine,
      hint: 'Please report this with the preset and the plugins of the run.',
    },
  );
}

export const packNotEmpty = (directory: string): NcnError =>
  new NcnError(`${directory} is not empty.`, {
    code: 'NCN_EXPORT_NOT_EMPTY',
    exit: ExitCode.usage,
    hint: 'Name a folder that is empty or not there: --output DIR.',
  });
