import type { JsonValue as Json } from '../run/json.js';

export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A schedule is one value: its parts make no sense one by one. So is a record with a dot in a name,
 * which no path could tell from two names.
 */
function isLeaf(value: Json): boolean {
  if (!isObject(value)) return true;
  const keys = Object.keys(value);
  return keys.length === 0 || keys.some((key) => key === 'schedule' || key.includes('.'));
}

/** `{a: {b: 1}}` → `a.b` ↦ 1. Arrays, schedules and records of dotted names stay whole. */
export function flatten(value: JsonObject, prefix = ''): Map<string, Json> {
  const flat = new Map<string, Json>();
  for (const [key, item] of Object.entries(value)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (isLeaf(item)) flat.set(path, item);
    else if (isObject(item)) for (const [p, v] of flatten(item, path)) flat.set(p, v);
  }
  return flat;
}

/** The value with `item` put at a path, everything else as it was. */
export function withValue(value: Json, path: readonly string[], item: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return item;
  if (Array.isArray(value)) {
    return value.map((old: Json, i) => (String(i) === key ? withValue(old, rest, item) : old));
  }
  const object = isObject(value) ? value : {};
  return {
    ...object,
    [key]: withValue(Object.hasOwn(object, key) ? (object[key] ?? {}) : {}, rest, item),
  };
}

/** The list that a path leads out of; undefined where it leads out of none. */
export function listLeft(value: Json, path: readonly string[]): readonly Json[] | undefined {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== 'object' || value === null) return undefined;
  const [, part] = Object.entries(value).find(([name]) => name === key) ?? [];
  if (part !== undefined) return listLeft(part, rest);
  return Array.isArray(value) ? value : undefined;
}

/** The inverse of `flatten`. */
export function unflatten(flat: Iterable<readonly [string, Json]>): JsonObject {
  let result: Json = {};
  for (const [path, item] of flat) result = withValue(result, path.split('.'), item);
  return isObject(result) ? result : {};
}

/** Where in a value somebody has the name `__proto__`, which no copy of an object keeps for sure. */
export function prototypeIn(value: Json): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const inner = key === '__proto__' ? [] : prototypeIn(part);
    if (inner !== undefined) return [key, ...inner];
  }
  return undefined;
}
