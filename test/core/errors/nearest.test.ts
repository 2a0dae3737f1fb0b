import { expect, test } from 'vitest';
import { nearest } from '../../../core/errors/nearest.js';

test('a likely typo has a nearest name, and a name of which nothing is left has none', () => {
  expect(nearest('presest', ['presets', 'report'])).toBe('presets');
  expect(nearest('ab', ['a', 'cd'])).toBe('a');
  expect(nearest('zz', ['a', 'bc'])).toBeUndefined();
  expect(nearest('', ['a'])).toBeUndefined();
});
