import { badOverride } from '../../core/errors/config.js';
import { sweepOwnPath, sweepSeeds, sweepTwice, sweepValues } from '../errors/sweep.js';
import { parseOverride } from '../../core/experiment/override.js';
import type { JsonValue } from '../../core/run/json.js';

/** A configuration value and what a sweep gives it, one after the other. */
export interface Axis {
  readonly path: string;
  readonly values: readonly JsonValue[];
}

/**
 * Parses `path=a,b,c`. Each value is JSON, or else a string; commas inside brackets, braces and
 * quotes do not separate.
 * @throws NcnError for a missing `=` or an empty value
 */
export function parseAxis(text: string): Axis {
  const equals = text.indexOf('=');
  if (equals <= 0) throw badOverride(text);
  const path = text.slice(0, equals).trim();
  const values = splitTopLevel(text.slice(equals + 1)).map((part) => {
    if (part.trim() === '') throw sweepValues(text);
    return parseOverride(`${path}=${part}`)[1];
  });
  return { path, values };
}

/** What a sweep gives its jobs in its own way. */
const ownPaths: Readonly<Record<string, string>> = {
  seed: '--seeds',
  threads: '--threads',
  data: '--data, or --set dataset=idx:ONE,idx:OTHER',
};

/** Parses every `--set`. @throws NcnError as {@link parseAxis}, and for a path given twice */
export function parseAxes(texts: readonly string[]): Axis[] {
  const axes = texts.map(parseAxis);
  axes.forEach(({ path }, i) => {
    if (Object.hasOwn(ownPaths, path)) throw sweepOwnPath(path, ownPaths[path] ?? '');
    if (axes.findIndex((axis) => axis.path === path) !== i) throw sweepTwice(path);
  });
  return axes;
}

/** Parses `3` (seeds 1 to 3), `4,7,9` or `4..6`. @throws NcnError */
export function parseSeeds(text: string): number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text.trim());
  if (range !== null) {
    const [first, last] = [Number(range[1]), Number(range[2])];
    if (last < first || last - first > 10_000) throw sweepSeeds(text);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }
  const numbers = text.split(',').map((part) => part.trim());
  if (!numbers.every((part) => /^\d{1,15}$/.test(part))) throw sweepSeeds(text);
  const seeds = numbers.map(Number);
  const [count] = seeds;
  if (seeds.length > 1) return [...new Set(seeds)];
  if (count === undefined || count < 1 || count > 10_000) throw sweepSeeds(text);
  return Array.from({ length: count }, (_, i) => i + 1);
}

/** Every combination of the axes' values, the last axis changing fastest. */
export function combinations(axes: readonly Axis[]): (readonly [string, JsonValue])[][] {
  return axes.reduce<(readonly [string, JsonValue])[][]>(
    (found, { path, values }) =>
      found.flatMap((before) => values.map((value) => [...before, [path, value] as const])),
    [[]],
  );
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    // What follows a backslash stands for itself: a quote does not end there, nor begin.
    if (char === '\\' && (quoted || text[i + 1] === '"')) {
      part += char + text.charAt(++i);
      continue;
    }
    if (char === '"') quoted = !quoted;
    if (!quoted && '[{'.includes(char)) depth++;
    if (!quoted && ']}'.includes(char)) depth--;
    if (char === ',' && depth === 0 && !quoted) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}
