import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  canonicalJson,
  canonicalJsonLine,
  duplicateKey,
  parseJson,
  prettyJson,
  type JsonValue,
} from '../../../core/run/json.js';
import { refusal } from './helpers.js';

test('keys are sorted at every level, in the canonical text only', () => {
  const value = { b: [{ d: 1, c: 2 }], a: null };
  expect(canonicalJson(value)).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  expect(prettyJson(value)).toBe(`${JSON.stringify(value, null, 2)}\n`);
  expect(prettyJson({ a: [], b: {} })).toBe('{\n  "a": [],\n  "b": {}\n}\n');
});

test('every JSON value comes back bit for bit, including -0', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const json = value as JsonValue;
      expect(parseJson(canonicalJson(json))).toStrictEqual(json);
      expect(parseJson(prettyJson(json))).toStrictEqual(json);
    }),
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(parseJson(canonicalJson([number]))).toStrictEqual([number]);
    }),
  );
});

class Counter {
  readonly n = 1;
}
const cycle: unknown[] = [];
cycle.push(cycle);

test.each<[message: string, x: () => unknown]>([
  ["'plugins.ema.x' is NaN", () => NaN],
  ["'plugins.ema.x' is -Infinity", () => -Infinity],
  ["'plugins.ema.x' is undefined", () => undefined],
  ["'plugins.ema.x' is a function", () => () => 1],
  ["'plugins.ema.x' is a bigint", () => 1n],
  ["'plugins.ema.x' is a Map", () => new Map()],
  ["'plugins.ema.x' is a Date", () => new Date(0)],
  ["'plugins.ema.x' is a Float32Array", () => new Float32Array(1)],
  ["'plugins.ema.x' is a Counter", () => new Counter()],
  ["'plugins.ema.x.1.y' is undefined", () => [0, { y: undefined }]],
  ["'plugins.ema.x.0' is undefined", () => new Array<number>(1)],
  ['nested without end', () => cycle],
])('%s: refused', async (message, x) => {
  // What a plugin in JavaScript may hand over, whatever the types say.
  const value = { plugins: { ema: { x: x() } } } as unknown as JsonValue;
  const error = await refusal(() => canonicalJson(value));
  expect(error.code).toBe('NCN_RUN_NOT_JSON');
  expect(error.message).toContain(message);
});

test('a log line may hold NaN and infinities, as text', () => {
  expect(canonicalJsonLine({ b: NaN, a: [Infinity, -Infinity] })).toBe(
    '{"a":["Infinity","-Infinity"],"b":"NaN"}',
  );
});

test.each([
  ['{"a":1,"b":{"a":2}}', undefined],
  ['{"a":{"x":1,"x":2}}', 'x'],
  ['{"a":1,"\\u0061" : 2}', 'a'],
  ['[{"a":"a"},{"a":"{\\"a\\":"}]', undefined],
])('the key that occurs twice in %s is %s', (text, key) => {
  expect(duplicateKey(text)).toBe(key);
});
