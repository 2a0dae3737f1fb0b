import { resolve } from 'node:path';
import type { Shape } from '../../core/data/types.js';
import { ExitCode, messageOf, NcnError } from '../../core/errors/error.js';
import { didYouMean } from '../../core/errors/nearest.js';

export const badSignal = (text: string): NcnError =>
  new NcnError(`--signal ${text} does not name a file: NAME=FILE was expected.`, {
    code: 'NCN_USAGE_SIGNAL',
    exit: ExitCode.usage,
    hint: 'Example: --signal reference=noise.png; --input FILE and --reference FILE are short for these names.',
  });

export const signalTwice = (name: string): NcnError =>
  new NcnError(`The input '${name}' is given twice.`, {
    code: 'NCN_USAGE_SIGNAL_TWICE',
    exit: ExitCode.usage,
    hint: `Keep one of --${name} and --signal ${name}=FILE.`,
  });

export const signalUnreadable = (path: string, cause: unknown): NcnError =>
  new NcnError(`The file ${path} cannot be read: ${messageOf(cause)}`, {
    code: 'NCN_SIGNAL_UNREADABLE',
    exit: ExitCode.data,
    hint: `Check the path: it was looked for at ${resolve(path)}.`,
    cause,
  });

/** @param what `The input 'x'` or `The output` */
export const noMedium = (what: string, shape: Shape, media: readonly string[]): NcnError =>
  new NcnError(
    `${what} has the shape [${shape.join(', ')}], of which no medium says that it can read or write it.`,
    {
      code: 'NCN_SIGNAL_MEDIUM',
      exit: ExitCode.plugin,
      hint: `${media.length === 0 ? 'The run has no media' : `The media of the run are: ${media.join(', ')}`}; add a plugin that offers one, such as --plugin image.medium for images [height, width, 1 or 3].`,
    },
  );

/** @param extensions endings that there are; the first is the one that is written */
export const otherExtension = (
  file: string,
  medium: string,
  [own = '']: readonly string[],
): NcnError =>
  new NcnError(`${file} is to be written, and what is written is ${medium} as ${own}.`, {
    code: 'NCN_SIGNAL_EXTENSION',
    exit: ExitCode.usage,
    hint: `Name a file that ends in ${own}; other programs convert it.`,
  });

export const noSuchExample = (index: number, count: number): NcnError =>
  new NcnError(`There is no test example ${index}: the data set has ${count}.`, {
    code: 'NCN_USAGE_EXAMPLE',
    exit: ExitCode.usage,
    hint: `Examples are numbered from 0 to ${count - 1}.`,
  });

export const noExamples = (input: string): NcnError =>
  new NcnError(`The input '${input}' is not made of examples of the data set.`, {
    code: 'NCN_USAGE_EXAMPLE',
    exit: ExitCode.usage,
    hint: `Give a file: --signal ${input}=FILE.`,
  });

export const exampleAndFiles = (): NcnError =>
  new NcnError('--example takes the inputs from the test set, and files are given too.', {
    code: 'NCN_USAGE_EXAMPLE',
    exit: ExitCode.usage,
    hint: 'Leave out one of them.',
  });

export const withoutReference = (file: string): NcnError =>
  new NcnError(`Which known sound is to be taken out of ${file}?`, {
    code: 'NCN_USAGE_REFERENCE',
    exit: ExitCode.usage,
    hint: 'Name its recording: --reference music.wav.',
  });

export const looksAhead = (method: string): NcnError =>
  new NcnError(`The ${method}, looks ahead: it has no form for a stream.`, {
    code: 'NCN_DENOISE_NETWORK',
    exit: ExitCode.usage,
    hint: 'It denoises recordings: ncn denoise mic.wav --reference music.wav --run RUN -o out.wav. For a stream, train the form crn or tcn, or use --method canceller.',
  });

export const unknownMethod = (method: string, known: readonly string[]): NcnError =>
  new NcnError(`There is no method '${method}' to denoise a recording.`, {
    code: 'NCN_USAGE_METHOD',
    exit: ExitCode.usage,
    hint: `${didYouMean(method, known)} There is ${known.join(', ')}.`,
  });

export const methodOrRun = (run: string): NcnError =>
  new NcnError(`The canceller needs no network, and --run ${run} names one.`, {
    code: 'NCN_USAGE_METHOD',
    exit: ExitCode.usage,
    hint: 'Leave out --run, or --method canceller: a network comes behind the canceller by itself.',
  });

export const badDelay = (delay: number): NcnError =>
  new NcnError(`--delay ${delay} is none: milliseconds from 0 to 500 were expected.`, {
    code: 'NCN_USAGE_DELAY',
    exit: ExitCode.usage,
    hint: 'By so much the reference comes later in the microphone; ncn denoise mic.wav --reference music.wav finds it.',
  });

export const nothingNamed = (): NcnError =>
  new NcnError('What is to be denoised?', {
    code: 'NCN_USAGE_DENOISE',
    exit: ExitCode.usage,
    hint: 'Name a recording (ncn denoise mic.wav --reference music.wav -o out.wav), a run with --input and --reference, or --stream.',
  });

export const outputNotNamed = (): NcnError =>
  new NcnError('Where is the result to be written?', {
    code: 'NCN_USAGE_DENOISE',
    exit: ExitCode.usage,
    hint: 'Name a file: -o out.wav, or out.png for an image.',
  });

/** @param flags that were given @param form a clause: what is denoised, and how */
export const optionsUnused = (flags: readonly string[], form: string): NcnError =>
  new NcnError(`${form} makes no use of ${flags.map((flag) => `--${flag}`).join(', ')}.`, {
    code: 'NCN_USAGE_DENOISE',
    exit: ExitCode.usage,
    hint: `Leave ${flags.length === 1 ? 'it' : 'them'} out; ncn denoise --help says what each is for.`,
  });

export const streamOfFile = (name: string): NcnError =>
  new NcnError(`--stream reads standard input, and ${name} is named too.`, {
    code: 'NCN_USAGE_DENOISE',
    exit: ExitCode.usage,
    hint: 'Leave out one of them.',
  });
