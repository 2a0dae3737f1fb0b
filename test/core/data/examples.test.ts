import { expect, test } from 'vitest';
import {
  blankExamples,
  firstExamples,
  hashOfSignals,
  inMemory,
} from '../../../core/data/examples.js';

const numbers = (count: number, size: number) =>
  Float32Array.from({ length: count * size }, (_, i) => i);
const examples = inMemory(3, {
  a: { shape: [2, 1], data: numbers(3, 2) },
  b: { shape: [], data: numbers(3, 1) },
});

test('signals are read by name, in any order, as often as wanted', async () => {
  expect(examples.signals).toEqual({ a: [2, 1], b: [] });
  const [a, b] = [new Float32Array(6), new Float32Array(3)];
  await examples.read(Uint32Array.of(2, 0, 2), { a, b });
  expect([...a]).toEqual([4, 5, 0, 1, 4, 5]);
  expect([...b]).toEqual([2, 0, 2]);
});

test('a signal of another length is refused by name', () => {
  expect(() => inMemory(2, { a: { shape: [3, 2], data: new Float32Array(11) } })).toThrow(
    expect.objectContaining({
      code: 'NCN_DATA_INVALID',
      message: "Data set 'in memory' is not valid: 'a' has 11 numbers; expected 2 × [3, 2].",
    }),
  );
});

test('the first examples are those of all', async () => {
  const some = firstExamples(examples, 2);
  expect([some.count, some.signals]).toEqual([2, examples.signals]);
  const a = new Float32Array(4);
  await some.read(Uint32Array.of(0, 1), { a });
  expect([...a]).toEqual([0, 1, 2, 3]);
  for (const count of [0, -1, 1.5, 4, NaN]) {
    expect(() => firstExamples(examples, count)).toThrow(/from 1 to 3/);
  }
});

test('blank examples are zeros of the shapes', async () => {
  const blank = blankExamples(5, { a: [2] });
  const a = Float32Array.of(1, 2);
  await blank.read(Uint32Array.of(4), { a });
  expect([...a]).toEqual([0, 0]);
});

test('the hash depends on names, shapes, numbers and splits, not on the order of names', () => {
  const x = { shape: [2], data: Float32Array.of(1, 2, 3, 4) };
  const y = { shape: [1], data: Float32Array.of(5, 6) };
  const whole = hashOfSignals({ x, y }, { x });
  expect(whole).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOfSignals({ y, x }, { x })).toBe(whole);
  const others = [
    hashOfSignals({ x, y }),
    hashOfSignals({ x }, { x, y }),
    hashOfSignals({ x, z: y }, { x }),
    hashOfSignals({ x: { ...x, shape: [2, 1] }, y }, { x }),
    hashOfSignals({ x: { ...x, data: Float32Array.of(1, 2, 3, 5) }, y }, { x }),
  ];
  expect(new Set([whole, ...others]).size).toBe(6);
});
