import { expect, test } from 'vitest';
import { checkSize, outOfMemory } from '../../../core/errors/memory.js';

const thrownBy = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error;
  }
};

test('an array that cannot be had is lack of memory; a length that makes no sense is not', () => {
  const lacking = outOfMemory(thrownBy(() => new Float32Array(1e15)));
  expect(lacking).toMatchObject({ code: 'NCN_MEMORY', exit: 5 });
  expect(outOfMemory(thrownBy(() => new Float32Array(-1)))).toBeUndefined();
  expect(outOfMemory(thrownBy(() => 'ab'.repeat(-1)))).toBeUndefined();
  expect(outOfMemory(thrownBy(() => (1).toFixed(1000)))).toBeUndefined();
  expect(outOfMemory(new Error('Array buffer allocation failed'))).toBeUndefined();
});

test('a weight has 2³⁰ numbers at most', () => {
  expect(() => checkSize("'a'", [2 ** 15, 2 ** 15], 2 ** 30)).not.toThrow();
  expect(() => checkSize("'a'", [2 ** 15, 2 ** 15 + 1], 2 ** 30 + 2 ** 15)).toThrow(
    /'a' of shape \[32768, 32769\]/,
  );
});
