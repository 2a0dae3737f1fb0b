import type { JsonValue as Json } from '../run/json.js';
import { isObject } from './paths.js';

export interface TypeDescription {
  readonly type: string;
  readonly description: string;
  /** What runs were given of before this option, where its default is another. */
  readonly earlier?: Json;
}

/** Type and description of every value of a JSON Schema, by path. Schedules are one value. */
export function describeTypes(schema: Json, prefix: string): Map<string, TypeDescription> {
  const result = new Map<string, TypeDescription>();
  if (!isObject(schema)) return result;
  const { properties } = schema;
  if (!isObject(properties)) return result;
  for (const [key, part] of Object.entries(properties)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const inner = describeTypes(part, path);
    if (inner.size > 0) for (const [p, about] of inner) result.set(p, about);
    else {
      const earlier = isObject(part) ? part['earlier'] : undefined;
      const about = { type: typeOf(part), description: textOf(part, 'description') };
      result.set(path, earlier === undefined ? about : { ...about, earlier });
    }
  }
  return result;
}

/** Defaults of the objects and lists of a JSON Schema that hold something, by path, outer ones first. */
export function defaultsWithParts(schema: Json, prefix: string): Map<string, Json> {
  const result = new Map<string, Json>();
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(properties)) return result;
  for (const [key, part] of Object.entries(properties)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const value = isObject(part) ? part['default'] : undefined;
    const isWhole = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
    if (isWhole) result.set(path, value);
    for (const [p, inner] of defaultsWithParts(part, path)) result.set(p, inner);
  }
  return result;
}

function textOf(schema: Json, key: string): string {
  const text = isObject(schema) ? schema[key] : undefined;
  return typeof text === 'string' ? text : '';
}

function typeOf(schema: Json): string {
  if (!isObject(schema)) return 'any';
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return [...new Set(choices.map((c: Json) => typeOf(c)))].join(' | ');
  if ('const' in schema) return JSON.stringify(schema['const']);
  const values = schema['enum'];
  if (Array.isArray(values)) return values.map((v: Json) => JSON.stringify(v)).join(' | ');
  if (isObject(schema['properties']) && 'schedule' in schema['properties']) return 'schedule';
  const type = schema['type'];
  const { unit } = schema;
  if (unit === 'updates' || unit === 'path') return unit;
  if (type === 'array') {
    const { prefixItems } = schema;
    if (Array.isArray(prefixItems))
      return `[${prefixItems.map((p: Json) => typeOf(p)).join(', ')}]`;
    return `${typeOf(schema['items'] ?? null)}[]`;
  }
  if (Array.isArray(type)) return type.join(' | ');
  return typeof type === 'string' ? type : 'any';
}
