import { ExitCode, messageOf, NcnError } from './error.js';
import { didYouMean } from './nearest.js';

interface More {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly exit?: ExitCode;
}

/** An error about data: its code is `NCN_DATA_` and this. */
export const wrong = (code: string, message: string, more: More = {}): NcnError =>
  new NcnError(message, { exit: ExitCode.data, ...more, code: `NCN_DATA_${code}` });

/** A subset that cannot be taken. */
export const badSubset = (wanted: number, available: number): NcnError =>
  wrong(
    'SUBSET',
    `Cannot take ${wanted} examples; expected a whole number from 1 to ${available}, which is what there is.`,
    { exit: ExitCode.usage },
  );

export const datasetUnknown = (name: string, names: readonly string[]): NcnError =>
  wrong('UNKNOWN', `There is no data set '${name}'.`, {
    exit: ExitCode.usage,
    hint: `${didYouMean(name, names)} Data sets come with plugins, such as image.data; 'ncn data' lists what there is.`,
  });

export const noDataset = (): NcnError =>
  wrong('NONE', 'No plugin offers a data set.', {
    exit: ExitCode.usage,
    hint: "Add one that does: --plugin image.data has handwritten digits; 'ncn new plugin' makes your own.",
  });

export const severalDatasets = (names: readonly string[]): NcnError =>
  wrong(
    'SEVERAL',
    `Several data sets are offered, and none of them by default: ${names.join(', ')}.`,
    {
      exit: ExitCode.usage,
      hint: 'Name one with --dataset.',
    },
  );

export const datasetDuplicate = (name: string): NcnError =>
  wrong('DUPLICATE', `There already is a data set named '${name}'.`, {
    exit: ExitCode.plugin,
    hint: 'Give the data set of the plugin another name.',
  });

export const datasetName = (name: string): NcnError =>
  wrong('NAME', `'${name}' cannot be the name of a data set.`, {
    exit: ExitCode.plugin,
    hint: "Use letters, digits, '-', '_' and '.', starting with a letter; 'auto' is taken.",
  });

/** What a provider returned is not a data set. */
export const datasetInvalid = (name: string, problem: string): NcnError =>
  wrong('INVALID', `Data set '${name}' is not valid: ${problem}.`, { exit: ExitCode.plugin });

/** A provider threw something that was not meant for people. */
export const datasetFailed = (name: string, cause: unknown): NcnError =>
  wrong('FAILED', `Data set '${name}' did not load: ${messageOf(cause)}`, { cause });
