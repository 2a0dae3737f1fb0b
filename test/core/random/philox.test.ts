import { expect, test } from 'vitest';
import { philox } from '../../../core/random/philox.js';

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
  const out = new Uint32Array(4);
  philox(out, 0, ...words);
  expect([...out].map((v) => v.toString(16).padStart(8, '0')).join(' ')).toBe(expected);
});
