import { expect, test } from 'vitest';
import { lockOptionsOf } from '../../cli/launcher.js';

test('a lock is not taken after less silence than one that lives may keep', () => {
  expect(lockOptionsOf({})).toEqual({});
  expect(lockOptionsOf({ takeLock: true })).toEqual({ takeAfter: 90 });
  expect(lockOptionsOf({ takeLock: 10 })).toEqual({ takeAfter: 10 });
  for (const takeLock of [0, 3, 9]) {
    expect(() => lockOptionsOf({ takeLock })).toThrow(`--take-lock ${takeLock}`);
  }
});
