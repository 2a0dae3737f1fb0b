import { ExitCode, NcnError } from '../core/errors/error.js';

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, list: readonly string[] = []): string[] => [...list, value];

/** Parses a whole number of the command line. @throws NcnError */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new NcnError(`'${text}' is not a whole number.`, {
    code: 'NCN_USAGE_NUMBER',
    exit: ExitCode.usage,
  });
}
