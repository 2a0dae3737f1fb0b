import { ExitCode, NcnError } from '../../core/errors/error.js';

/** Not a WAV file, or one of a kind that is not read. @param problem a clause: `it …` */
export const notWave = (where: string, problem: string): NcnError =>
  new NcnError(`${where} is not a WAV file that can be read: ${problem}.`, {
    code: 'NCN_WAVE_FORMAT',
    exit: ExitCode.data,
    hint: 'Convert it to WAV: PCM of 8, 16, 24 or 32 bits, or floating point of 32 or 64; any number of channels.',
  });

/** @param problem a clause: `it …` */
export const waveCorrupt = (where: string, problem: string): NcnError =>
  new NcnError(`The WAV file ${where} is corrupt: ${problem}.`, {
    code: 'NCN_WAVE_CORRUPT',
    exit: ExitCode.data,
    hint: 'It may be cut short or changed; copy or export it again.',
  });

/** A wave of another length or rate. */
export const waveSize = (where: string, found: string, wanted: string): NcnError =>
  new NcnError(`${where} has ${found}; ${wanted} were expected.`, {
    code: 'NCN_WAVE_SIZE',
    exit: ExitCode.data,
    hint: 'Cut, pad or resample it first: the network was trained on signals of that length and rate.',
  });
