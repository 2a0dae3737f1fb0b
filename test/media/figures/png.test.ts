import fc from 'fast-check';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { decodeGrey, decodePicture, encodeGrey, encodeRaster } from '../../../media/figures/png.js';
import { colourTypeOf, rawPng } from './support.js';

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

test('rasters are stored as they are, grey or in colour', () => {
  const colour = { width: 2, height: 1, channels: 3, data: Uint8Array.of(10, 20, 30, 200, 9, 50) };
  const bytes = encodeRaster({ ...colour, channels: 3 });
  expect(colourTypeOf(bytes)).toBe(2);
  expect([...PNG.sync.read(bytes).data]).toEqual([10, 20, 30, 255, 200, 9, 50, 255]);
  const grey = encodeRaster({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 250) });
  expect(colourTypeOf(grey)).toBe(0);
  expect([...PNG.sync.read(grey).data]).toEqual([7, 7, 7, 255, 250, 250, 250, 255]);
  expect([...decodePicture(grey, 'memory', 3).data].map((value) => value * 255)).toEqual(
    [7, 7, 7, 250, 250, 250].map((value) => Math.fround(value / 255) * 255),
  );
});

test('large pictures of few colours have a palette, those of many have none', () => {
  const [width, height] = [64, 80];
  const picture = (colours: number) => ({
    ...{ width, height, channels: 3 as const },
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const colour = (Math.floor(i / 3) * 7) % colours;
      return [colour % 256, 255 - (colour % 256), colour >> 8][i % 3] ?? 0;
    }),
  });
  for (const [colours, type] of [
    [256, 3],
    [257, 2],
  ] as const) {
    const raster = picture(colours);
    const bytes = encodeRaster(raster);
    expect(colourTypeOf(bytes)).toBe(type);
    const { data } = PNG.sync.read(bytes);
    expect(Uint8Array.from(data.filter((_, i) => i % 4 !== 3))).toEqual(raster.data);
    const { data: read } = decodePicture(bytes, 'memory', 3);
    expect(Uint8Array.from(read, (value) => Math.round(255 * value))).toEqual(raster.data);
  }
});

test('colours become their luma, over black where transparent', () => {
  const rows = [
    [255, 0, 0, 255, 0, 255, 0, 255],
    [0, 0, 255, 255, 255, 255, 255, 51],
  ];
  const values = grey(rawPng({ width: 2, height: 2, depth: 8, colourType: 6 }, rows));
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

test('what is no PNG, or a corrupt one, is refused by name', () => {
  expect(() => decodeGrey(Buffer.alloc(0), 'empty')).toThrow(/empty is not a PNG/);

  const whole = encodeGrey({ width: 9, height: 9, data: new Float32Array(81).fill(0.3) });
  for (let length = 8; length < whole.length - 12; length++) {
    expect(() => decodeGrey(whole.subarray(0, length), 'cut.png')).toThrow(/cut\.png is corrupt/);
  }
  const changed = Buffer.from(whole);
  changed[20] = (changed[20] ?? 0) ^ 1;
  expect(() => decodeGrey(changed, 'bad.png')).toThrow(/bad\.png is corrupt/);
});

test('a picture of another size is refused by its header, before room is made for it', () => {
  const header = { width: 20_000, height: 20_000, depth: 8, colourType: 0 };
  const bytes = rawPng(header, [[1]]);
  expect(bytes.length).toBeLessThan(70);
  const wanted = { width: 28, height: 28 };
  const before = process.memoryUsage().arrayBuffers;
  expect(() => decodePicture(bytes, 'big.png', 1, wanted)).toThrow(
    'The picture big.png is 20000×20000; 28×28 was expected.',
  );
  // And where no size is expected: so few bytes cannot hold it.
  expect(() => decodeGrey(bytes, 'big.png')).toThrow(/big\.png is corrupt: .*20000×20000/);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
});

test.each([
  [8, 0, 0],
  [8, 0, 2],
  [8, 2, 2],
  [1, 0, 2],
  [16, 6, 2],
])('missing rows are noticed: %i bits, colour type %i, %i of 3', (depth, colourType, rows) => {
  const bits = depth * ({ 0: 1, 2: 3, 6: 4 }[colourType] ?? 0);
  const row = Array<number>(Math.ceil((5 * bits) / 8)).fill(200);
  const of = (count: number): Buffer =>
    rawPng({ width: 5, height: 3, depth, colourType }, Array<number[]>(count).fill(row));
  expect(decodeGrey(of(3), 'whole.png').height).toBe(3);
  expect(() => decodeGrey(of(rows), 'short.png')).toThrow(
    /short\.png is corrupt: its data end before its 5×3 pixels do/,
  );
  expect(() => decodeGrey(of(4), 'long.png')).toThrow(/its data go on after its 5×3 pixels/);
});

test('interlaced pictures are read, and their rows counted', () => {
  // 3 × 2 pixels in seven passes: (0, 0), then (2, 0), then (1, 0), then the second row.
  const passes = [[10], [30], [20], [40, 50, 60]];
  const interlaced = (rows: readonly number[][]): Buffer =>
    rawPng({ width: 3, height: 2, depth: 8, colourType: 0, interlaced: true }, rows);
  const values = grey(interlaced(passes)).map((value) => Math.round(value * 255));
  expect(values).toEqual([10, 20, 30, 40, 50, 60]);
  expect(() => grey(interlaced(passes.slice(0, 3)))).toThrow(/data end before/);
});

test('a header that makes no sense is refused', () => {
  const row = [[0, 0, 0, 0]];
  for (const [width, height, colourType] of [
    [0, 1, 0],
    [1, 0, 0],
    [1, 1, 5],
  ] as const) {
    const bytes = rawPng({ width, height, depth: 8, colourType }, row);
    expect(() => decodeGrey(bytes, 'odd.png')).toThrow(/odd\.png is corrupt: it /);
  }
});
