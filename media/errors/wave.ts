import { ExitCode, NcnError } from '../../core/errors/error.js';

/** A wave of another length or rate. */
export const waveSize = (where: string, found: string, wanted: string): NcnError =>
  new NcnError(`${where} has ${found}; ${wanted} were expected.`, {
    code: 'NCN_WAVE_SIZE',
    exit: ExitCode.data,
    hint: 'Cut, pad or resample it first: the network was trained on signals of that length and rate.',
  });
