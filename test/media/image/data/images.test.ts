import { expect, test } from 'vitest';
import type { GreyImages } from '../../../../media/image/data/bytes.js';
import {
  hashOf,
  imageDataset,
  imageExamples,
  imageOutline,
  toFloat,
} from '../../../../media/image/data/images.js';

const of = (count: number, height: number, width: number): GreyImages => ({
  count,
  height,
  width,
  pixels: Uint8Array.from({ length: count * height * width }, (_, k) => k * 5),
});

test('toFloat divides by 255, in the order of the indexes', () => {
  const images = of(3, 1, 2);
  const out = new Float32Array(6);
  expect(toFloat(images, [2, 0, 2], out)).toBe(out);
  const expected = [20, 25, 0, 5, 20, 25].map((value) => Math.fround(value / 255));
  expect([...out]).toEqual(expected);
  const white: GreyImages = { count: 1, height: 1, width: 1, pixels: Uint8Array.of(255) };
  expect(toFloat(white, Uint32Array.of(0), new Float32Array(1))[0]).toBe(1);
});

test('toFloat refuses what would go out of bounds', () => {
  expect(() => toFloat(of(3, 1, 2), [3], new Float32Array(2))).toThrow(RangeError);
  expect(() => toFloat(of(3, 1, 2), [-1], new Float32Array(2))).toThrow(RangeError);
  expect(() => toFloat(of(3, 1, 2), [0, 1], new Float32Array(3))).toThrow(RangeError);
});

test('the examples of images have one signal, read where it is asked for', async () => {
  const examples = imageExamples(of(3, 2, 1));
  expect([examples.count, examples.signals]).toEqual([3, { image: [2, 1, 1] }]);
  const image = new Float32Array(4);
  await examples.read(Uint32Array.of(2, 0), { image });
  expect([...image]).toEqual([20, 25, 0, 5].map((value) => Math.fround(value / 255)));
  await examples.read(Uint32Array.of(1), {});
});

test('the hash depends on pixels, shape and split', () => {
  const same = hashOf(of(4, 2, 3), of(2, 2, 3));
  expect(same).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(of(4, 2, 3), of(2, 2, 3))).toBe(same);
  expect(imageDataset('x', 'here', of(4, 2, 3), of(2, 2, 3)).hash).toBe(same);
  expect(hashOf(of(4, 3, 2), of(2, 3, 2))).not.toBe(same);
  expect(hashOf(of(2, 2, 3), of(4, 2, 3))).not.toBe(same);
  const other = of(4, 2, 3);
  other.pixels[7] = 1;
  expect(hashOf(other, of(2, 2, 3))).not.toBe(same);
});

test('both splits must have one shape', () => {
  expect(() => imageDataset('x', 'here', of(2, 2, 3), of(2, 3, 2))).toThrow(/2 × 3.*3 × 2/);
});

test('an outline has the shapes, and no image', async () => {
  const { train, test: tested, hash } = imageOutline('x', [7, 3], [2, 2]);
  expect([train.count, tested.count, hash]).toEqual([7, 3, '']);
  expect(tested.signals).toEqual(imageExamples(of(1, 2, 2)).signals);
  const image = Float32Array.of(1, 1, 1, 1);
  await tested.read(Uint32Array.of(2), { image });
  expect([...image]).toEqual([0, 0, 0, 0]);
});
