import { expect, test } from 'vitest';
import {
  checkDataset,
  hashOf,
  makeDataset,
  subset,
  toFloat,
} from '../../../../media/image/data/images.js';
import type { Images } from '../../../../core/data/types.js';

const of = (count: number, height: number, width: number): Images => ({
  count,
  height,
  width,
  pixels: Uint8Array.from({ length: count * height * width }, (_, k) => k * 5),
});

test('a subset is the first images, without a copy', () => {
  const images = of(5, 2, 3);
  const some = subset(images, 2);
  expect([some.count, some.height, some.width]).toEqual([2, 2, 3]);
  expect([...some.pixels]).toEqual([...images.pixels.subarray(0, 12)]);
  expect(some.pixels.buffer).toBe(images.pixels.buffer);
  expect(subset(images, 5).pixels).toEqual(images.pixels);
});

test.each([0, -1, 1.5, 6, NaN])('a subset of %d of 5 images is refused', (count) => {
  expect(() => subset(of(5, 2, 3), count)).toThrow(/from 1 to 5/);
});

test('toFloat divides by 255, in the order of the indexes', () => {
  const images = of(3, 1, 2);
  const out = new Float32Array(6);
  expect(toFloat(images, [2, 0, 2], out)).toBe(out);
  const expected = [20, 25, 0, 5, 20, 25].map((value) => Math.fround(value / 255));
  expect([...out]).toEqual(expected);
  const white: Images = { count: 1, height: 1, width: 1, pixels: Uint8Array.of(255) };
  expect(toFloat(white, Uint32Array.of(0), new Float32Array(1))[0]).toBe(1);
});

test('toFloat refuses what would go out of bounds', () => {
  expect(() => toFloat(of(3, 1, 2), [3], new Float32Array(2))).toThrow(RangeError);
  expect(() => toFloat(of(3, 1, 2), [-1], new Float32Array(2))).toThrow(RangeError);
  expect(() => toFloat(of(3, 1, 2), [0, 1], new Float32Array(3))).toThrow(RangeError);
});

test('the hash depends on pixels, shape and split', () => {
  const same = hashOf(of(4, 2, 3), of(2, 2, 3));
  expect(same).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(of(4, 2, 3), of(2, 2, 3))).toBe(same);
  expect(hashOf(of(4, 3, 2), of(2, 3, 2))).not.toBe(same);
  expect(hashOf(of(2, 2, 3), of(4, 2, 3))).not.toBe(same);
  const other = of(4, 2, 3);
  other.pixels[7] = 1;
  expect(hashOf(other, of(2, 2, 3))).not.toBe(same);
});

test('both splits must have one shape', () => {
  expect(() => makeDataset('x', 'here', of(2, 2, 3), of(2, 3, 2))).toThrow(/2 × 3.*3 × 2/);
});

test('a data set with wrong sizes is refused', () => {
  const dataset = makeDataset('x', 'here', of(2, 2, 3), of(2, 2, 3));
  expect(checkDataset('x', dataset)).toBe(dataset);
  const short = { ...dataset, test: { ...dataset.test, count: 3 } };
  expect(() => checkDataset('x', short)).toThrow(/test has 12 pixels; expected 3 × 2 × 3/);
  const empty = { ...dataset, train: { ...dataset.train, count: 0 } };
  expect(() => checkDataset('x', empty)).toThrow(/train is 0 × 2 × 3/);
});
