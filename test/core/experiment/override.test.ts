import { expect, test } from 'vitest';
import { parseOverride } from '../../../core/experiment/override.js';

test.each([
  ['a=.5', 0.5],
  ['a=5.', 5],
  ['a=+1e-3', 0.001],
  ['a= 2 ', 2],
  ['a=[.2,.9]', [0.2, 0.9]],
  ['a={"x": +1., "y": ".5"}', { x: 1, y: '.5' }],
  ['a="5"', '5'],
  ['a=0x10', '0x10'],
  ['a=1_000', '1_000'],
  ['a=idx:some folder', 'idx:some folder'],
  ['a=[.2,', '[.2,'],
  ['a=', ''],
  ['a=b=c', 'b=c'],
  ['a=true', true],
])('%j is read', (text, value) => {
  expect(parseOverride(text)).toEqual(['a', value]);
});

test.each([
  ['=1', /form path=value/],
  ['nothing', /form path=value/],
  ['a=1e400', /'a' is too large/],
  ['a=[1, {"b": -1e999}]', /'a' is too large/],
  [`a=${'['.repeat(6000)}${']'.repeat(6000)}`, /'a' has lists within lists/],
])('a bad one is refused', (text, message) => {
  expect(() => parseOverride(text)).toThrow(message);
});
