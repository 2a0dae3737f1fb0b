import { notWholeNumber } from './errors/usage.js';

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, list: readonly string[] = []): string[] => [...list, value];

/** Parses a whole number of the command line. @throws NcnError */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw notWholeNumber(text);
}
