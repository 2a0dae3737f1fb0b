import { notJson } from '../errors/run.js';
import { isPlain, maxDepth, type JsonValue } from './json.js';

/** Numbers that JSON has no text for, or another one. */
const special = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

/**
 * A state of a plugin as JSON: numbers that JSON would change become `{"number": "NaN"}` and the
 * like, and an object that looks like one `{"number": ["NaN"]}`. Members that are undefined are left out.
 * @throws NcnError (`NCN_RUN_NOT_JSON`) naming the place of anything else that JSON would change
 */
export const packNumbers = (value: unknown): JsonValue => pack(value ?? null, []);

/** Undoes {@link packNumbers}. */
export function unpackNumbers(value: JsonValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part: JsonValue) => unpackNumbers(part));
  const inner = onlyNumber(value);
  if (typeof inner === 'string' && special.has(inner)) return special.get(inner);
  if (isSpecial(inner) && Array.isArray(inner)) {
    const own: readonly unknown[] = inner;
    return { number: own[0] };
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unpackNumbers(part)]));
}

/** What the object `{ number }` has; undefined of any other. */
function onlyNumber(object: object): unknown {
  const [first, second] = Object.entries(object);
  return second === undefined && first?.[0] === 'number' ? first[1] : undefined;
}

/** Whether it is the name of a special number, or that in lists of one. */
const isSpecial = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length === 1 && isSpecial(value[0])
    : typeof value === 'string' && special.has(value);

function pack(value: unknown, path: readonly string[]): JsonValue {
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return value;
    case 'number': {
      const name = [...special].find(([, number]) => Object.is(number, value))?.[0];
      return name === undefined ? value : { number: name };
    }
    case 'object':
      return value === null ? null : packObject(value, path);
    default:
      throw notJson(path.join('.'), value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function packObject(value: object, path: readonly string[]): JsonValue {
  if (path.length >= maxDepth) throw notJson(path.slice(0, 8).join('.'), 'nested without end');
  // Array.from visits holes, which map would skip.
  if (Array.isArray(value)) {
    return Array.from(value, (item: unknown, i) => pack(item, [...path, String(i)]));
  }
  if (!isPlain(value)) throw notJson(path.join('.'), `a ${value.constructor.name}`);
  const members = Object.entries(value).flatMap(([key, part]) =>
    part === undefined ? [] : [[key, pack(part, [...path, key])] as const],
  );
  const packed = Object.fromEntries(members);
  return isSpecial(onlyNumber(value)) ? { number: [packed['number'] ?? null] } : packed;
}
