import { ExitCode, NcnError } from '../../core/errors/error.js';

export const clipNotMade = (index: number, problem: string): NcnError =>
  new NcnError(`Clip ${index} of the speech simulation could not be made: ${problem}`, {
    code: 'NCN_SPEECH_CLIP',
    exit: ExitCode.data,
    hint: "Check the folder of sounds; 'ncn data fetch speech' gets the published one, --dataset speech:embedded needs no files.",
  });
