import { ExitCode, messageOf, NcnError } from './error.js';

/** Numbers of a tensor that Node can still hold in one array, with its gradient and an optimizer's state beside it. */
const most = 2 ** 30;

/** Refuses a tensor of so many numbers, if it is too large for any machine. @throws NcnError */
export function checkSize(what: string, shape: readonly number[], size: number): void {
  if (size <= most) return;
  throw new NcnError(
    `${what} of shape [${shape.join(', ')}] would have ${size.toPrecision(3)} numbers; ${most} at most can be had.`,
    {
      code: 'NCN_TENSOR_SIZE',
      exit: ExitCode.usage,
      hint: 'Make the network narrower, or what it is given smaller.',
    },
  );
}

/** What is thrown where an array of some size cannot be had; a negative length is somebody's mistake. */
const lacking =
  /^(Invalid typed array length: \d|Array buffer allocation failed|Invalid array buffer length)/;

/** The error for people where something was thrown for lack of memory; undefined for anything else. */
export function outOfMemory(thrown: unknown): NcnError | undefined {
  if (!(thrown instanceof RangeError) || !lacking.test(thrown.message)) return undefined;
  return new NcnError(`There is not enough memory for what was asked for: ${messageOf(thrown)}.`, {
    code: 'NCN_MEMORY',
    exit: ExitCode.engine,
    hint: 'A smaller batch (--batch) or a narrower network needs less; --dry-run says how much.',
    cause: thrown,
  });
}
