import { badOverride, notANumber, tooDeep } from '../errors/config.js';
import type { JsonValue as Json } from '../run/json.js';

/** Deeper than any option is. */
const maxDepth = 32;

const decimal = /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;
const number = new RegExp(`^${decimal.source}$`, 'i');
/** A string, which stays as it is, or a number. */
const token = new RegExp(`"(?:[^"\\\\]|\\\\.)*"|${decimal.source}`, 'gi');

/**
 * Parses `path=value`. The value is JSON, in which numbers may also be written as `.5`, `5.` or
 * `+1e-3`; what is none is a string.
 * @throws NcnError where there is no `=`, for a number that is too large, and for lists in lists
 * without end
 */
export function parseOverride(text: string): [path: string, value: Json] {
  const equals = text.indexOf('=');
  if (equals <= 0) throw badOverride(text);
  const path = text.slice(0, equals).trim();
  if (path === '') throw badOverride(text);
  const value = parseValue(text.slice(equals + 1));
  check(path, value, 0);
  return [path, value];
}

function parseValue(text: string): Json {
  const bare = text.trim();
  if (number.test(bare)) return Number(bare);
  try {
    return JSON.parse(text) as Json;
  } catch {
    if (!/^[[{]/.test(bare)) return text;
  }
  try {
    const plain = (part: string): string => (part.startsWith('"') ? part : String(Number(part)));
    return JSON.parse(bare.replace(token, plain)) as Json;
  } catch {
    return text;
  }
}

function check(path: string, value: Json, depth: number): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw notANumber(path);
  if (typeof value !== 'object' || value === null) return;
  if (depth === maxDepth) throw tooDeep(path, maxDepth);
  for (const part of Object.values(value)) check(path, part, depth + 1);
}
