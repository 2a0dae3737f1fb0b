import { createHash } from 'node:crypto';
import { canonicalJsonLine, type JsonObject } from '../../core/run/json.js';

/** Format of a ledger from which on each of its lines carries a sum. */
const sealedFormat = 2;

/** The format that new ledgers have. */
export const ledgerFormat = sealedFormat;

function sumOf(line: JsonObject): string {
  return createHash('sha256').update(canonicalJsonLine(line)).digest('hex').slice(0, 16);
}

/** A line with the sum of what it says: a changed digit would otherwise be another job. */
export function sealed(line: JsonObject): JsonObject {
  return { ...line, sum: sumOf(line) };
}

/** Opens the lines of one ledger, in order. Those of before lines were sealed need no sum. */
export class SealedLines {
  private format: unknown;

  /** @returns the line without its sum, or what is wrong with it */
  open({ sum, ...line }: JsonObject): JsonObject | string {
    this.format ??= line['format'];
    if (sum === undefined) {
      return this.format === sealedFormat ? 'its sum is missing' : line;
    }
    return sum === sumOf(line) ? line : 'its sum does not fit what it says';
  }
}
