import { ExitCode, NcnError } from '../../core/errors/error.js';

export const clipNotMade = (index: number, problem: string): NcnError =>
  new NcnError(`Clip ${index} of the speech simulation could not be made: ${problem}`, {
    code: 'NCN_SPEECH_CLIP',
    exit: ExitCode.data,
    hint: 'Check the folder of sounds; --dataset speech:embedded needs no files.',
  });

export const noSpeech = (dir: string): NcnError =>
  new NcnError(`${dir} has no sounds for the speech simulation.`, {
    code: 'NCN_SPEECH_FOLDER',
    exit: ExitCode.data,
    hint: 'Expected folders speech, music and noise with sounds, or a corpus with files.json and splits.json; --dataset speech:embedded needs no files.',
  });

export const noSuppressor = (inputs: readonly string[], hop: number, block: number): NcnError =>
  new NcnError(
    `The network takes ${inputs.map((name) => `'${name}'`).join(', ')} in pieces of ${hop}: it is not one for sound.`,
    {
      code: 'NCN_DENOISE_NETWORK',
      exit: ExitCode.usage,
      hint: `Expected one of the speech family: input, reference and cancelled, in pieces of ${block} samples.`,
    },
  );
