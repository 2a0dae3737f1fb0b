import { ExitCode, messageOf, NcnError } from '../../core/errors/error.js';
import { didYouMean } from '../../core/errors/nearest.js';

const eagerHint =
  "The eager engine runs every tf.js operation: choose it with '--engine wasm' ('ncn doctor' lists the engines). A function for 'ncn/engine' can be called without it, too.";

/** ` (plugin 'x')`, where it is known whose code was running. */
function by(contributor: string | undefined): string {
  return contributor === undefined ? '' : `, used by '${contributor}',`;
}

/** A tf.js kernel without a lowering, met while a program is recorded. */
export function unsupportedKernel(kernel: string, contributor?: string, why?: string): NcnError {
  const because = why === undefined ? '' : `: ${why}`;
  return new NcnError(
    `The tf.js operation '${kernel}'${by(contributor)} cannot be compiled${because}.`,
    { code: 'NCN_COMPILED_UNSUPPORTED', exit: ExitCode.plugin, hint: eagerHint },
  );
}

/** dataSync, arraySync, print … on a value that does not exist yet. */
export function tracedValueRead(operation: string, contributor?: string): NcnError {
  return new NcnError(
    `The value of a result of '${operation}'${by(contributor)} was read (dataSync, arraySync, data, print) while the training step was recorded; it has no value yet.`,
    {
      code: 'NCN_COMPILED_READ',
      exit: ExitCode.plugin,
      hint: 'A step is a pure function of tensors: compute with tf.js operations, return what is to be seen as an output.',
    },
  );
}

/** Two recordings of one program differ. @param what differs */
export function notPure(program: string, what: string, contributor?: string): NcnError {
  return new NcnError(
    `Program '${program}' is not a pure function: ${what}${by(contributor)} gave something else when it was recorded a second time.`,
    {
      code: 'NCN_COMPILED_IMPURE',
      exit: ExitCode.plugin,
      hint: 'Random numbers and values that change must come in as inputs or scalars of the step, not from tf.random*, closures or counters.',
    },
  );
}

/** The program asks for something that the session does not have, or in another shape. */
export function programMismatch(program: string, what: string): NcnError {
  return new NcnError(`Program '${program}': ${what}.`, {
    code: 'NCN_COMPILED_MISMATCH',
    exit: ExitCode.engine,
  });
}

export function unknownState(name: string): NcnError {
  return new NcnError(`The compiled engine's state has no tensor '${name}'.`, {
    code: 'NCN_COMPILED_STATE',
    exit: ExitCode.engine,
  });
}

/** A tensor of the state has not as many numbers as its shape has places. */
export function stateSize(name: string, shape: readonly number[], length: number): NcnError {
  return new NcnError(
    `The state '${name}' was given ${length} numbers for the shape [${shape.join(', ')}].`,
    { code: 'NCN_COMPILED_STATE', exit: ExitCode.engine },
  );
}

/** The native library reported an error. */
export function nativeFailure(what: string, cause: unknown): NcnError {
  return new NcnError(`The compiled engine failed to ${what}: ${messageOf(cause)}`, {
    code: 'NCN_COMPILED_NATIVE',
    exit: ExitCode.engine,
    hint: eagerHint,
    cause,
  });
}

/** @param needed the first version that has what is called */
export function libraryTooOld(version: string, needed: string): NcnError {
  return new NcnError(`version ${version} is too old; ${needed} or a later one is needed`, {
    code: 'NCN_COMPILED_LIBRARY',
    exit: ExitCode.engine,
    hint: 'NCN_ONNXRUNTIME names another library; without it the one of the npm package is used.',
  });
}

export function noMemory(bytes: number, cause: unknown): NcnError {
  const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return new NcnError(`The compiled engine found no memory for a tensor of ${size}.`, {
    code: 'NCN_COMPILED_MEMORY',
    exit: ExitCode.engine,
    hint: 'Choose a smaller --batch or narrower networks.',
    cause,
  });
}

export function sessionClosed(): NcnError {
  return new NcnError('The compiled engine session is closed.', {
    code: 'NCN_COMPILED_CLOSED',
    exit: ExitCode.engine,
  });
}

/** A value of `NCN_COMPILED_LAYOUT` that there is not. */
export function unknownLayout(value: string): NcnError {
  return new NcnError(`The environment variable NCN_COMPILED_LAYOUT is '${value}'.`, {
    code: 'NCN_COMPILED_LAYOUT',
    exit: ExitCode.usage,
    hint: `${didYouMean(value, ['plain', 'blocked'])} Leave it unset for the fastest way to convolve.`,
  });
}
