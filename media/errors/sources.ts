import { ExitCode, NcnError } from '../../core/errors/error.js';

/** @param found what is there instead, a clause */
export const soundFolder = (folder: string, kind: string, found: string): NcnError =>
  new NcnError(`The folder of ${kind} ${folder} ${found}.`, {
    code: 'NCN_SOUND_FOLDER',
    exit: ExitCode.data,
    hint: 'Expected a folder with WAV, FLAC, OGG or MP3 files, in sub-folders named after their speaker (or piece) or without.',
  });

export const soundGroups = (
  folder: string,
  kind: string,
  found: number,
  expected: number,
): NcnError =>
  new NcnError(
    `The folder of ${kind} ${folder} has sounds of ${found} speakers or pieces; expected ${expected} or more, so that training, validation and test share none.`,
    {
      code: 'NCN_SOUND_GROUPS',
      exit: ExitCode.data,
      hint: 'Put the sounds of each speaker (or piece) into a sub-folder of their own; files that lie in the folder itself count as one speaker (or piece) each.',
    },
  );

export const soundIndex = (name: string, index: number, count: number): NcnError =>
  new NcnError(`There is no sound ${index} in ${name}; it has ${count}.`, {
    code: 'NCN_SOUND_INDEX',
    exit: ExitCode.plugin,
    hint: `Indexes are whole numbers from 0 to ${count - 1}.`,
  });
