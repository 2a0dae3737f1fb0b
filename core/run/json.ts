import type { z } from 'zod';
import { notJson } from '../errors/run.js';

/** What JSON can hold. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export type JsonObject = Readonly<Record<string, JsonValue>>;

/** Deeper than any honest value; a cycle gets here. */
export const maxDepth = 200;

interface Style {
  readonly sortKeys: boolean;
  /** Spaces per level; 0 for one line. */
  readonly indent: number;
  readonly nonFinite: 'refuse' | 'text';
}

/**
 * The one JSON text of a value: keys sorted, no spaces, shortest round-trip numbers, −0 as `-0`.
 * `JSON.parse` gives the same value back, bit for bit.
 *
 * @throws NcnError (`NCN_RUN_NOT_JSON`) naming the place of anything that JSON would change or
 * drop: NaN, infinities, undefined, functions, class instances, cycles.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, { sortKeys: true, indent: 0, nonFinite: 'refuse' }, []);
}

/**
 * Like {@link canonicalJson}, for what must never stop a run: NaN and the infinities become the
 * strings `"NaN"`, `"Infinity"`, `"-Infinity"`, which `Number()` and Python's `float()` read back.
 *
 * @throws NcnError (`NCN_RUN_NOT_JSON`) for anything else that JSON cannot hold.
 */
export function canonicalJsonLine(value: JsonValue): string {
  return write(value, { sortKeys: true, indent: 0, nonFinite: 'text' }, []);
}

/**
 * JSON for people: indented, keys in the order of the object; as exact as {@link canonicalJson}.
 *
 * @throws NcnError (`NCN_RUN_NOT_JSON`) as canonicalJson does.
 */
export function prettyJson(value: JsonValue): string {
  return `${write(value, { sortKeys: false, indent: 2, nonFinite: 'refuse' }, [])}\n`;
}

/** What JSON makes of a value: undefined parts are left out. @throws TypeError for a cycle */
export function jsonOf(value: unknown): JsonValue {
  return parseJson(JSON.stringify(value ?? null));
}

/** `JSON.parse` with the type that it really returns. @throws SyntaxError */
export function parseJson(text: string): JsonValue {
  return JSON.parse(text) as JsonValue;
}

/** The first key that occurs twice in one object of a valid JSON text; `JSON.parse` hides it. */
export function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (string !== undefined && colon !== undefined) {
      const key = parseJson(string);
      const keys = open.at(-1);
      if (typeof key !== 'string' || keys === undefined) continue;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** One line about what a schema found wrong. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return error.message;
  const place = issue.path.map(String).join('.');
  return place === '' ? issue.message : `'${place}': ${issue.message}`;
}

function write(value: unknown, style: Style, path: string[]): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return writeNumber(value, style, path);
    case 'object':
      break;
    default:
      throw notJson(path.join('.'), value === undefined ? 'undefined' : `a ${typeof value}`);
  }
  if (path.length >= maxDepth) {
    throw notJson(path.slice(0, 8).join('.'), 'nested without end');
  }
  if (Array.isArray(value)) {
    // Array.from visits holes, which map would skip.
    const items = Array.from(value, (item: unknown, i) => writeAt(item, String(i), style, path));
    return wrap('[', items, ']', style, path.length);
  }
  if (!isPlain(value)) throw notJson(path.join('.'), `a ${value.constructor.name}`);
  const keys = Object.keys(value);
  if (style.sortKeys) keys.sort();
  const colon = style.indent === 0 ? ':' : ': ';
  const members = keys.map(
    (key) => `${JSON.stringify(key)}${colon}${writeAt(value[key], key, style, path)}`,
  );
  return wrap('{', members, '}', style, path.length);
}

function writeAt(value: unknown, key: string, style: Style, path: string[]): string {
  path.push(key);
  const text = write(value, style, path);
  path.pop();
  return text;
}

function writeNumber(value: number, style: Style, path: readonly string[]): string {
  if (Object.is(value, -0)) return '-0';
  if (Number.isFinite(value)) return String(value);
  if (style.nonFinite === 'refuse') throw notJson(path.join('.'), String(value));
  return `"${value}"`;
}

function wrap(
  open: string,
  items: readonly string[],
  close: string,
  style: Style,
  depth: number,
): string {
  if (style.indent === 0 || items.length === 0) return open + items.join(',') + close;
  const line = `\n${' '.repeat(style.indent * depth)}`;
  const inner = `${line}${' '.repeat(style.indent)}`;
  return open + inner + items.join(`,${inner}`) + line + close;
}

/** An object literal of any realm: its prototype is the end of the chain. */
export function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
