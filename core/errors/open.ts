import { ExitCode, NcnError } from './error.js';
import { didYouMean } from './nearest.js';

const usage = (code: string, message: string, hint: string): NcnError =>
  new NcnError(message, { code, exit: ExitCode.usage, hint });

export const experimentClosed = (): NcnError =>
  usage('NCN_OPEN_CLOSED', 'The experiment was closed.', 'Open it again: it can be had twice.');

export const streamClosed = (): NcnError =>
  usage('NCN_OPEN_CLOSED', 'The stream was closed.', 'Open another: experiment.stream().');

export const experimentBusy = (): NcnError =>
  usage(
    'NCN_OPEN_BUSY',
    'The experiment is being trained.',
    'Await the training first; openRun(directory) gives another hold of the run, with its newest checkpoint.',
  );

export const noRunYet = (wanted: string): NcnError =>
  usage(
    'NCN_OPEN_NO_RUN',
    `There is no run to ${wanted} yet: the experiment was not trained.`,
    'Train it first, or open a run that is there: openRun(directory).',
  );

const list = (names: Iterable<string>): string => [...names].map((name) => `'${name}'`).join(', ');

/** @param inputs of the network, by name */
export const unknownInput = (
  network: string,
  name: string,
  inputs: ReadonlyMap<string, readonly number[]>,
): NcnError =>
  usage(
    'NCN_INPUT_UNKNOWN',
    `The network '${network}' has no input '${name}'; it takes ${list(inputs.keys())}.`,
    didYouMean(name, inputs.keys()),
  );

export const missingInputs = (
  network: string,
  missing: readonly string[],
  inputs: ReadonlyMap<string, readonly number[]>,
): NcnError =>
  usage(
    'NCN_INPUT_MISSING',
    `The input${missing.length === 1 ? '' : 's'} ${list(missing)} of the network '${network}' ${missing.length === 1 ? 'is' : 'are'} missing; it takes ${list(inputs.keys())}.`,
    'Give every input, of as many examples each.',
  );

/** @param given what it is instead of `[…]` or `[count, …]` */
export const inputSize = (
  network: string,
  name: string,
  shape: readonly number[],
  given: string,
): NcnError =>
  usage(
    'NCN_INPUT_SIZE',
    `The input '${name}' of the network '${network}' is ${given}; one example has the shape [${shape.join(', ')}], a batch [count, ${shape.join(', ')}].`,
    'Give an array of as many numbers, or a tensor of this shape.',
  );

export const inputCounts = (
  network: string,
  counts: ReadonlyMap<string, number | undefined>,
): NcnError =>
  usage(
    'NCN_INPUT_COUNT',
    `The inputs of the network '${network}' do not belong together: ${[...counts].map(([name, count]) => `'${name}' is ${count === undefined ? 'one example' : `a batch of ${count}`}`).join(', ')}.`,
    'Give one example of each, or batches of one size.',
  );

/** Of a stream: @param given how many numbers came */
export const pieceSize = (
  network: string,
  name: string,
  shape: readonly number[],
  given: number,
): NcnError =>
  usage(
    'NCN_INPUT_SIZE',
    `A piece of the input '${name}' of the network '${network}' has ${given} numbers; the shape [${shape.join(', ')}] was expected.`,
    'A stream takes pieces of one length; gather samples until there are as many.',
  );
