import { expect, test } from 'vitest';
import { philox } from '../../../core/random/philox.js';
import { RandomStreams } from '../../../core/random/streams.js';
import { uniform, uniformAtOnce, uniformTogether } from '../../../core/random/uniform.js';

const key = [0x9abcdef0, 5] as const;

/** Of the same blocks, one number after the other. */
function oneByOne(count: number, counter: readonly [number, number, number, number], low: number) {
  const numbers = philox(count / 4, ...counter, ...key);
  return Float32Array.from(numbers, (n) => low + (n >>> 8) * scale);
}

const scale = 0.123456789 / 0x1000000;

test.each([uniformTogether, 5 * uniformTogether, uniformAtOnce])(
  '%i uniform numbers at once are those of the blocks, bit for bit',
  (count) => {
    // The first counter passes 2^32 on the way.
    const counter = [0xfffffffe, 7, 3_000_000_000, 11] as const;
    for (const low of [0, -0.0617, 1e6]) {
      const expected = oneByOne(count, counter, low);
      expect(uniform(count, counter, key, low, scale)).toEqual(expected);
    }
  },
);

test.each([0, 1, 255, 256, 257, 300, 16_384, 17_001])(
  'an array of %i numbers is filled with the next ones, whatever was drawn before',
  (length) => {
    for (const before of [0, 3, 256, 300]) {
      const [filled, drawn] = [0, 1].map(() => new RandomStreams(3).at('test', 2 ** 33 + 5));
      const [first, second] = [filled, drawn].map((sequence) =>
        Array.from({ length: before }, () => sequence?.uint32()),
      );
      expect(first).toEqual(second);
      const expected = Float32Array.from(
        { length },
        () => -2 + ((drawn?.uint32() ?? 0) >>> 8) * (5 / 0x1000000),
      );
      expect(filled?.fillUniform(new Float32Array(length), -2, 3)).toEqual(expected);
      expect(filled?.uint32()).toBe(drawn?.uint32());
    }
  },
);
