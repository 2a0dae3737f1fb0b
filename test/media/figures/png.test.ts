import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { decodeGrey, encodeColour, encodeGrey, readGrey } from '../../../media/figures/png.js';
import { colourAt, rawPng } from './support.js';

const grey = (bytes: Buffer): number[] => [...decodeGrey(bytes, 'memory').data];

test('bytes survive a round trip through a grey PNG', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (width, height) => {
      const data = Float32Array.from({ length: width * height }, (_, i) => ((i * 37) % 256) / 255);
      expect(decodeGrey(encodeGrey({ width, height, data }), 'memory')).toEqual({
        width,
        height,
        data,
      });
    }),
    { numRuns: 20 },
  );
});

test('a grey PNG is clamped to 0 and 1', () => {
  const data = Float32Array.of(-0.5, 1.5, NaN, 0.5);
  expect(grey(encodeGrey({ width: 2, height: 2, data }))).toEqual(
    [0, 1, 0, 128 / 255].map(Math.fround),
  );
});

test('a colour PNG keeps its colours and opacity', () => {
  const data = Uint8Array.of(10, 20, 30, 255, 200, 100, 50, 128);
  const png = PNG.sync.read(encodeColour({ width: 2, height: 1, data }));
  expect([...png.data]).toEqual([...data]);
  expect(colourAt(png, 1, 0)).toEqual([200, 100, 50]);
});

test('colours become their luma, over black where transparent', () => {
  const data = Uint8Array.of(
    ...[255, 0, 0, 255, 0, 255, 0, 255],
    ...[0, 0, 255, 255, 255, 255, 255, 51],
  );
  const values = grey(encodeColour({ width: 2, height: 2, data }));
  [0.299, 0.587, 0.114, 0.2].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
});

test.each([
  [1, [0b0100_0000], [0, 1, 0]],
  [2, [0b0001_1000], [0, 1 / 3, 2 / 3]],
  [4, [0x07, 0xf0], [0, 7 / 15, 1]],
  [8, [0, 51, 255], [0, 0.2, 1]],
  [16, [0x00, 0x01, 0x12, 0x34, 0xff, 0xff], [1 / 65535, 0x1234 / 65535, 1]],
])('grey of %i bits is read at its depth', (depth, row, expected) => {
  const bytes = rawPng({ width: 3, height: 1, depth, colourType: 0 }, [row]);
  expect(grey(bytes)).toEqual(expected.map(Math.fround));
});

test('colours of 16 bits and of a palette are read', () => {
  const rgb = rawPng({ width: 1, height: 1, depth: 16, colourType: 2 }, [[0, 0, 0x80, 0, 0, 0]]);
  expect(grey(rgb)[0]).toBeCloseTo((0.587 * 0x8000) / 65535, 7);
  const palette = ['PLTE', [0, 0, 0, 255, 255, 255, 51, 51, 51]] as const;
  const indexed = rawPng(
    { width: 3, height: 1, depth: 2, colourType: 3 },
    [[0b0110_0000]],
    [palette],
  );
  grey(indexed).forEach((value, i) => expect(value).toBeCloseTo([1, 0.2, 0][i] ?? -1, 6));
});

test('what is no PNG, or a corrupt one, is refused by name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-'));
  const path = join(folder, 'x.png');
  await writeFile(path, 'hello');
  await expect(readGrey(path)).rejects.toThrow(/x\.png is not a PNG/);
  await expect(readGrey(join(folder, 'none.png'))).rejects.toThrow(/none\.png cannot be read/);
  await expect(readGrey(folder)).rejects.toMatchObject({ code: 'NCN_PICTURE_UNREADABLE', exit: 3 });
  expect(() => decodeGrey(Buffer.alloc(0), 'empty')).toThrow(/empty is not a PNG/);

  const whole = encodeGrey({ width: 9, height: 9, data: new Float32Array(81).fill(0.3) });
  for (let length = 8; length < whole.length - 12; length++) {
    expect(() => decodeGrey(whole.subarray(0, length), 'cut.png')).toThrow(/cut\.png is corrupt/);
  }
  const changed = Buffer.from(whole);
  changed[20] = (changed[20] ?? 0) ^ 1;
  expect(() => decodeGrey(changed, 'bad.png')).toThrow(/bad\.png is corrupt/);
});
