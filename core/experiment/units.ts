import { z } from 'zod';
import type { JsonValue as Json } from '../run/json.js';
import { isObject, withValue } from './paths.js';

/** The JSON Schema of options, as given (before defaults are filled in). */
export function jsonSchema(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
}

function matches(schema: Json, value: Json): boolean {
  if (!isObject(schema)) return false;
  if ('const' in schema) return schema['const'] === value;
  const { type, properties } = schema;
  if (type === 'object' && isObject(properties)) {
    if (!isObject(value)) return false;
    return Object.entries(properties).every(
      ([key, part]) => !isObject(part) || !('const' in part) || part['const'] === value[key],
    );
  }
  if (type === 'number' || type === 'integer') return typeof value === 'number';
  if (type === 'array') return Array.isArray(value);
  return type === undefined || typeof value === type;
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Paths within a value whose schema carries `unit: 'updates'`. */
function updatePaths(schema: Json, value: Json, path: readonly string[]): string[][] {
  if (!isObject(schema)) return [];
  if (schema['unit'] === 'updates' && typeof value === 'number') return [[...path]];
  for (const choice of ['anyOf', 'oneOf']) {
    const options = schema[choice];
    if (!isList(options)) continue;
    const chosen = options.find((option) => matches(option, value));
    if (chosen !== undefined) return updatePaths(chosen, value, path);
  }
  const { properties, additionalProperties: others, items } = schema;
  if ((isObject(properties) || isObject(others)) && isObject(value)) {
    const known = isObject(properties) ? properties : {};
    return Object.entries(value).flatMap(([key, item]) =>
      updatePaths((Object.hasOwn(known, key) ? known[key] : others) ?? null, item, [...path, key]),
    );
  }
  if (items !== undefined && isList(value)) {
    return value.flatMap((item, i) => updatePaths(items, item, [...path, String(i)]));
  }
  return [];
}

function at(value: Json, path: readonly string[]): Json {
  return path.reduce<Json>((part, key) => {
    if (isList(part)) return part[Number(key)] ?? null;
    return isObject(part) ? (part[key] ?? null) : null;
  }, value);
}

/** The numbers of updates in options, by their path from the options on. */
export const updateNumbersIn = (
  schema: Json,
  options: Json,
): (readonly [path: string, updates: number])[] =>
  updatePaths(schema, options, []).map((path) => [path.join('.'), Number(at(options, path))]);

/**
 * Multiplies every update number in the options by a ratio, rounded, at least 1 (0 stays 0).
 * @param schema JSON Schema of the options; update numbers carry `unit: 'updates'`
 */
export function scaleUpdates(schema: Json, options: Json, ratio: number): Json {
  let scaled = options;
  for (const path of updatePaths(schema, options, [])) {
    const updates = Number(at(options, path));
    scaled = withValue(scaled, path, updates === 0 ? 0 : Math.max(1, Math.round(updates * ratio)));
  }
  return scaled;
}
