import { expect, test } from 'vitest';
import { jsonNumbers } from '../../cli/json-numbers.js';

test('what JSON has no number for is a string, which Number() reads back', () => {
  const values = { a: 1.5, b: NaN, c: Infinity, d: -Infinity, e: 0 };
  const json = JSON.stringify(jsonNumbers(Object.entries(values)));
  expect(json).toBe('{"a":1.5,"b":"NaN","c":"Infinity","d":"-Infinity","e":0}');
  expect(jsonNumbers(new Map<string, number | string>([['stopped', 'wish']]))).toEqual({
    stopped: 'wish',
  });
});
