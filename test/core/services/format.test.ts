import { expect, test } from 'vitest';
import { formatSpeed } from '../../../core/services/format.js';

test('a speed is a plain number, small or large', () => {
  expect([0.123, 9.94, 10, 123.4, 4567].map(formatSpeed)).toEqual([
    '0.12 GFLOP/s',
    '9.9 GFLOP/s',
    '10 GFLOP/s',
    '123 GFLOP/s',
    '4567 GFLOP/s',
  ]);
});
