import { ExitCode, NcnError } from '../../core/errors/error.js';
import { didYouMean } from '../../core/errors/nearest.js';

const AGAIN = "'ncn data fetch speech' downloads what is missing or damaged.";

export const corpusMissing = (dir: string, file: string): NcnError =>
  new NcnError(`${dir} has no corpus of sounds: there is no ${file}.`, {
    code: 'NCN_CORPUS_MISSING',
    exit: ExitCode.data,
    hint: `Expected files.json, splits.json and the sounds that they name. ${AGAIN} --dataset speech:embedded needs no files.`,
  });

/** A list that is none. @param problem a clause */
export const corpusInvalid = (path: string, problem: string): NcnError =>
  new NcnError(`${path} is not a list of sounds: ${problem}.`, {
    code: 'NCN_CORPUS_INVALID',
    exit: ExitCode.data,
    hint: AGAIN,
  });

export const corpusFileMissing = (path: string): NcnError =>
  new NcnError(`The corpus lacks ${path}, which its splits.json names.`, {
    code: 'NCN_CORPUS_FILE',
    exit: ExitCode.data,
    hint: AGAIN,
  });

/** @param found, expected what the file is, in words */
export const corpusHash = (path: string, found: string, expected: string): NcnError =>
  new NcnError(`${path} is not the file that files.json names: ${found}; expected ${expected}.`, {
    code: 'NCN_CORPUS_HASH',
    exit: ExitCode.data,
    hint: `It was changed or damaged. ${AGAIN}`,
  });

export const corpusSplit = (
  dir: string,
  kind: string,
  split: string,
  known: readonly string[],
): NcnError =>
  new NcnError(`The corpus ${dir} has no ${kind} for the split '${split}'.`, {
    code: 'NCN_CORPUS_SPLIT',
    exit: ExitCode.data,
    hint: didYouMean(split, known),
  });

export const corpusKind = (dir: string, kind: string, known: readonly string[]): NcnError =>
  new NcnError(`The corpus ${dir} has no sounds of kind '${kind}'.`, {
    code: 'NCN_CORPUS_KIND',
    exit: ExitCode.data,
    hint: didYouMean(kind, known),
  });

export interface FailedSound {
  readonly file: string;
  readonly why: string;
}

/** @param here, wanted files that are there, and that there should be */
export const corpusNotFetched = (
  dir: string,
  failed: readonly FailedSound[],
  here: number,
  wanted: number,
): NcnError =>
  new NcnError(
    `The speech corpus is not complete: ${here} of ${wanted} files are in ${dir}. ${failed
      .map(({ file, why }) => `${file}: ${why}`)
      .join('; ')}.`,
    {
      code: 'NCN_CORPUS_DOWNLOAD',
      exit: ExitCode.data,
      hint: "'ncn data fetch speech' again goes on where it ended. Another address for raw.githubusercontent.com is named with NCN_SPEECH_MIRROR.",
    },
  );

/** The downloads were forbidden. */
export const corpusOffline = (dir: string, what = 'The speech corpus'): NcnError =>
  new NcnError(`${what} cannot be downloaded: NCN_OFFLINE is set.`, {
    code: 'NCN_CORPUS_OFFLINE',
    exit: ExitCode.data,
    hint: `Unset it, or copy it to ${dir}.`,
  });

/** An original that decodes to another length. @param found, expected in seconds */
export const originalUnlike = (where: string, found: number, expected: number): NcnError =>
  new NcnError(
    `${where} is not the sound that the corpus is made from: ${found.toFixed(2)} s; expected ${expected} s.`,
    {
      code: 'NCN_CORPUS_LENGTH',
      exit: ExitCode.data,
      hint: 'The file may be cut short; download it again.',
    },
  );
