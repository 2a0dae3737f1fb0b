import { expect, test } from 'vitest';
import { blocksAtOnce, philox } from '../../../core/random/philox.js';

/** Known answers published with Random123 (kat_vectors, philox4x32 10). */
const knownAnswers: [words: [number, number, number, number, number, number], block: string][] = [
  [[0, 0, 0, 0, 0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[-1, -1, -1, -1, -1, -1], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0],
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  ],
];

test.each(knownAnswers)('philox4x32-10 of %j is the published block', (words, expected) => {
  expect([...philox(1, ...words)].map((v) => v.toString(16).padStart(8, '0')).join(' ')).toBe(
    expected,
  );
});

/** The same in integers of any size, from the paper's formulas. */
function exact(counter: readonly number[], key: readonly number[]): number[] {
  const word = 0xffffffffn;
  let [a = 0n, b = 0n, c = 0n, d = 0n] = counter.map((n) => BigInt(n) & word);
  let [x = 0n, y = 0n] = key.map((n) => BigInt(n) & word);
  for (let round = 0; round < 10; round++) {
    const [p, q] = [a * 0xd2511f53n, c * 0xcd9e8d57n];
    [a, b, c, d] = [(q >> 32n) ^ b ^ x, q & word, (p >> 32n) ^ d ^ y, p & word];
    x = (x + 0x9e3779b9n) & word;
    y = (y + 0xbb67ae85n) & word;
  }
  return [a, b, c, d].map(Number);
}

test('blocks one after another', () => {
  const start = 0xfffffff0;
  const numbers = philox(blocksAtOnce, start, 7, 3_000_000_000, 11, 0x9abcdef0, 5);
  expect(numbers.length).toBe(4 * blocksAtOnce);
  for (const i of [0, 1, 15, 16, 100, blocksAtOnce - 1]) {
    const counter = [(start + i) % 2 ** 32, 7, 3_000_000_000, 11];
    expect([...numbers.subarray(4 * i, 4 * i + 4)]).toEqual(exact(counter, [0x9abcdef0, 5]));
  }
});
