import { ExitCode, NcnError } from '../../core/errors/error.js';

const SOUND_FORMATS =
  'Sounds are read from WAV (PCM, floating point, A-law, µ-law), FLAC, Ogg Vorbis and MP3: convert it to one of them.';

/** Not a file of sound, or of a kind that is not read. @param problem a clause: `it …` */
export const soundFormat = (where: string, problem: string): NcnError =>
  new NcnError(`${where} is not a sound that can be read: ${problem}.`, {
    code: 'NCN_SOUND_FORMAT',
    exit: ExitCode.data,
    hint: SOUND_FORMATS,
  });

/** @param problem a clause: `it …` */
export const soundCorrupt = (where: string, problem: string, cause?: unknown): NcnError =>
  new NcnError(`The sound ${where} is corrupt: ${problem}.`, {
    code: 'NCN_SOUND_CORRUPT',
    exit: ExitCode.data,
    hint: 'It may be cut short or changed; copy or export it again.',
    ...(cause === undefined ? {} : { cause }),
  });

export const soundEmpty = (where: string): NcnError =>
  new NcnError(`The sound ${where} has no samples.`, {
    code: 'NCN_SOUND_EMPTY',
    exit: ExitCode.data,
    hint: 'Its recording may have failed; export it again or leave it out.',
  });

/** @param channel, index counted from 0 */
export const soundNotFinite = (
  where: string,
  channel: number,
  index: number,
  value: number,
): NcnError =>
  new NcnError(`The sound ${where} has ${value} at sample ${index} of channel ${channel}.`, {
    code: 'NCN_SOUND_NOT_FINITE',
    exit: ExitCode.data,
    hint: 'Samples must be numbers, mostly between -1 and 1; export it again.',
  });

export const soundTooLong = (where: string, samples: number, most: number): NcnError =>
  new NcnError(
    `The sound ${where} is too long: ${samples} samples over all channels; at most ${most} are read.`,
    {
      code: 'NCN_SOUND_TOO_LONG',
      exit: ExitCode.data,
      hint: 'Cut it into shorter files, or mix it down to one channel at a lower rate.',
    },
  );

export const soundRate = (where: string, rate: number, lowest: number, highest: number): NcnError =>
  new NcnError(
    `The sound ${where} states ${rate} samples a second; expected ${lowest} to ${highest}.`,
    {
      code: 'NCN_SOUND_RATE',
      exit: ExitCode.data,
      hint: 'The file may be damaged; else resample it first.',
    },
  );

/** Channels that make no file. @param problem a clause */
export const soundUnwritable = (problem: string, format: 'WAV' | 'FLAC' = 'WAV'): NcnError =>
  new NcnError(`These samples cannot be written as a ${format} file: ${problem}.`, {
    code: 'NCN_SOUND_WRITE',
    exit: ExitCode.plugin,
    hint:
      format === 'WAV'
        ? 'A WAV file has 1 to 65535 equally long channels of finite numbers, and at most 4 GiB.'
        : 'A FLAC file has samples, and a rate that is a whole number of Hz below 1,048,576.',
  });
