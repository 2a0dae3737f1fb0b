import { ExitCode, NcnError } from '../../core/errors/error.js';

/** A `.npy` or `.npz` file that cannot be read. */
export const arrayInvalid = (where: string, problem: string): NcnError =>
  new NcnError(`${where} cannot be read: ${problem}.`, {
    exit: ExitCode.data,
    code: 'NCN_ARRAY_INVALID',
    hint: 'Save numbers with numpy.save or numpy.savez: booleans, integers or floats, in C order.',
  });

/** Arrays that are no data set. */
export const arraysUnfit = (where: string, problem: string): NcnError =>
  new NcnError(`The arrays of ${where} are no data set: ${problem}.`, {
    exit: ExitCode.data,
    code: 'NCN_ARRAY_SET',
    hint: "Each array is one signal of one split, [examples, …shape] of finite numbers: train_image and test_image, or image_train and image_test. 'docs/data.md' shows how to write them.",
  });

/** Folders of pictures that are no data set. */
export const pairsUnfit = (where: string, problem: string): NcnError =>
  new NcnError(`The pictures of ${where} are no data set: ${problem}.`, {
    exit: ExitCode.data,
    code: 'NCN_PAIRS_INVALID',
    hint: 'Expected a folder for each signal, with PNG files of equal names and sizes: DIR/train/input/1.png, DIR/train/target/1.png, …, and the same under DIR/test; without train and test, the last fifth by name is the test split.',
  });

/** A data set that is named without where it is. */
export const placeMissing = (name: string, what: string): NcnError =>
  new NcnError(`Data set '${name}' needs ${what}.`, {
    exit: ExitCode.usage,
    code: 'NCN_DATA_PLACE',
    hint: `Give it as '--dataset ${name}:PATH' or with --data PATH.`,
  });

/** Files of a known data set that were found nowhere. */
export const setNotFound = (
  name: string,
  files: readonly string[],
  places: readonly string[],
  from: string,
): NcnError =>
  new NcnError(
    `${name} is not there: no ${files.join(' and ')} (plain or .gz) in ${places.join(', ')}.`,
    {
      exit: ExitCode.data,
      code: 'NCN_DATA_SET_MISSING',
      hint: `Download it from ${from} and name the folder with --data DIR.`,
    },
  );

export const setIsMnist = (name: string, dir: string): NcnError =>
  new NcnError(`The files in ${dir} are those of MNIST, not of ${name}.`, {
    exit: ExitCode.data,
    code: 'NCN_DATA_SET_OTHER',
    hint: 'Both have files of the same names: keep them in folders of their own.',
  });

/** A part of a data set that there is not. */
export const setPart = (name: string, part: string, known: readonly string[]): NcnError =>
  new NcnError(`'${name}' has no part '${part}'.`, {
    exit: ExitCode.usage,
    code: 'NCN_DATA_SET_PART',
    hint: `It has ${known.join(', ')}: '--dataset ${name}:${known[0] ?? ''}'. A folder of its files is named with --data DIR.`,
  });
