import { notDecimal, notWholeNumber } from './errors/usage.js';

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, list: readonly string[] = []): string[] => [...list, value];

/** Parses a whole number of the command line, in decimal digits. @throws NcnError */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw notWholeNumber(text);
}

/** Parses a number of the command line, in decimal digits. @throws NcnError */
export function decimalNumber(text: string): number {
  const value = Number(text);
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(value)) return value;
  throw notDecimal(text);
}
