import { createHash } from 'node:crypto';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import type { Raster } from '../../../core/data/medium.js';
import { renderFigure } from '../../../media/figures/figure.js';
import { renderGrid, type GridPanel } from '../../../media/figures/grid.js';
import { colourAt, coloured, colourTypeOf, countColour, greys } from './support.js';

const same = (value: number, count = 4): Raster[] => greys(Array<number>(count).fill(value));
const range = [0, 1] as const;

/** Left of the n-th image of a grid, and top of the n-th row. */
const place = (n: number, width = 28 * 4): number => 16 + n * (width + 6);

test('each unit of a picture is a grey square, with white between the pictures', async () => {
  const four = greys([255, 0, 128, 128]);
  four[2]?.data.fill(51, 5 * 28 + 3, 5 * 28 + 4);
  const panels = [{ rasters: four, caption: 'output' }];
  const bytes = await renderGrid(panels, { columns: 2 });
  const png = PNG.sync.read(bytes);
  expect(colourTypeOf(bytes)).toBe(0);
  expect(colourAt(png, place(0) + 50, place(0) + 50)).toEqual([255, 255, 255]);
  expect(colourAt(png, place(1), place(0))).toEqual([0, 0, 0]);
  expect(colourAt(png, place(1) + 111, place(0) + 111)).toEqual([0, 0, 0]);
  expect(colourAt(png, place(1) - 1, place(0) + 60)).toEqual([255, 255, 255]);
  expect(colourAt(png, place(1) + 112, place(0) + 60)).toEqual([255, 255, 255]);
  for (const [dx, dy, value] of [
    [3 * 4, 5 * 4, 51],
    [3 * 4 + 3, 5 * 4 + 3, 51],
    [3 * 4 - 1, 5 * 4, 128],
    [3 * 4, 5 * 4 + 4, 128],
  ] as const) {
    expect(colourAt(png, place(0) + dx, place(1) + dy)).toEqual([value, value, value]);
  }
});

test('a picture in colour makes the whole one, grey ones beside it stay as they are', async () => {
  const panels = [
    { rasters: [coloured([200, 100, 50]), coloured([10, 20, 30])], caption: 'colour' },
    { rasters: greys([90, 160]), caption: 'grey' },
  ];
  const bytes = await renderGrid(panels, { columns: 2, panelsPerRow: 2, notice: 'red' });
  const png = PNG.sync.read(bytes);
  expect(colourTypeOf(bytes)).toBe(3); // of few colours
  expect(colourAt(png, place(0, 128), place(0))).toEqual([200, 100, 50]);
  expect(colourAt(png, place(1, 128) + 127, place(0) + 127)).toEqual([10, 20, 30]);
  const second = 16 + 2 * 128 + 6 + 16;
  expect(colourAt(png, second + 50, place(0) + 50)).toEqual([90, 90, 90]);
  expect(colourAt(png, second + 112 + 6 + 50, place(0) + 50)).toEqual([160, 160, 160]);
  expect(countColour(bytes, [0xa0, 0x20, 0x20])).toBeGreaterThan(5);
});

test.each([
  [28, 112],
  [32, 128],
  [56, 112],
  [100, 100],
  [240, 240],
])('pictures %d wide are %d wide in a grid', async (width, shown) => {
  const panels = [{ rasters: greys([0], width, 20), caption: '' }];
  expect(PNG.sync.read(await renderGrid(panels, { columns: 1 })).width).toBe(shown + 2 * 16);
});

test('the colour bar goes from black below to white above', async () => {
  const png = PNG.sync.read(await renderGrid([{ rasters: same(0, 16), range, caption: 'a' }]));
  const x = place(4) - 6 + 10 + 5;
  const bottom = place(4) - 6;
  const shades = [bottom - 3, bottom - 70, bottom - 138].map((y) => colourAt(png, x, y)[0] ?? -1);
  expect(shades[0]).toBeLessThan(10);
  expect(Math.abs((shades[1] ?? 0) - 128)).toBeLessThan(4);
  expect(shades[2]).toBeGreaterThan(245);
});

test('the colour bar has the range of the medium, and is left out without one and in colour', async () => {
  const sizeOf = async (panel: Partial<GridPanel>) => {
    const bytes = await renderGrid([{ rasters: same(0), caption: 'a', ...panel }]);
    return PNG.sync.read(bytes).width;
  };
  const plain = await sizeOf({});
  expect(plain).toBe(16 + 4 * (112 + 6) - 6 + 16);
  expect(await sizeOf({ range })).toBe(plain + 52);
  expect(await sizeOf({ range: [3, 3] })).toBe(plain);
  // Labels of three digits behind the point, and a sign, need more room.
  expect(await sizeOf({ range: [-0.01, 0.015] })).toBeGreaterThan(plain + 52);
  const colours = Array<Raster>(4).fill(coloured([1, 2, 3], 28, 28));
  expect(await sizeOf({ rasters: colours, range })).toBe(plain);
  const labels = async (given: readonly [number, number]) =>
    renderGrid([{ rasters: same(0, 16), range: given, caption: 'a' }]);
  expect((await labels([0, 1])).equals(await labels([0, 2]))).toBe(false);
});

test('grey pictures are what they were before there were coloured ones', async () => {
  const waves = (k: number): Raster[] =>
    greys(Array<number>(16).fill(0)).map((raster, n) => ({
      ...raster,
      data: Uint8Array.from(raster.data, (_, i) => 128 + 120 * Math.sin((n * 784 + i) * k)),
    }));
  const figure = await renderFigure(
    ['reference', 'input', 'target', 'output'].map((role, i) => ({
      ...{ role, range },
      rasters: waves(0.01 + i / 100),
    })),
    { title: 'dcnn_v1, update 1,000,000', notice: 'made from glyphs' },
  );
  const { width, height, data } = PNG.sync.read(figure);
  expect([width, height]).toEqual([1084, 1085]);
  expect(createHash('sha256').update(data).digest('hex')).toBe(
    'f0961623331bfd3e0d5bd6d78138cc21192f8c0c7149a95b0fc7ac6adcdad875',
  );
});

test('the same input gives the same bytes, whatever else was drawn', async () => {
  const panels = [{ rasters: same(77), range, caption: 'a' }];
  const first = await renderGrid(panels);
  const [second, other] = await Promise.all([
    renderGrid(panels),
    renderGrid([{ rasters: same(77), range, caption: 'b' }]),
  ]);
  expect(first.equals(second)).toBe(true);
  expect(first.equals(other)).toBe(false);
});

test('the picture grows with the zoom, a title, and every line of a notice', async () => {
  const panels = [{ rasters: same(0), caption: 'a' }];
  const size = async (options: Parameters<typeof renderGrid>[1]) => {
    const { width, height } = PNG.sync.read(await renderGrid(panels, options));
    return { width, height };
  };
  const plain = await size({});
  expect((await size({ zoom: 6 })).width).toBe(plain.width + 2 * 28 * 4);
  expect((await size({ title: 'title' })).height).toBeGreaterThan(plain.height);
  const short = await size({ notice: 'glyphs' });
  const long = await size({ notice: 'words that need more than one line '.repeat(6) });
  expect(short.height).toBeGreaterThan(plain.height);
  expect(long.height).toBeGreaterThan(short.height);
  expect(long.width).toBe(plain.width);
});

test('a caption wider than its images widens the picture', async () => {
  const panel = (caption: string) => [{ rasters: same(0, 1), caption }];
  const widthOf = async (caption: string) =>
    PNG.sync.read(await renderGrid(panel(caption), { columns: 1 })).width;
  expect(await widthOf('output, update 3,000,000')).toBeGreaterThan((await widthOf('a')) + 20);
});

test('text is drawn as it is written, even where it looks like markup', async () => {
  const bytes = await renderGrid([{ rasters: same(0), caption: '<a> & "b"\u0007' }], {
    notice: 'made from <glyphs>',
  });
  // The luma of the notice's dark red.
  expect(countColour(bytes, [70, 70, 70])).toBeGreaterThan(20);
});

test('panels of several sizes stand in rows and columns, without room for the largest everywhere', async () => {
  const [large, small] = [greys([40], 200, 150), greys([80], 200, 50)];
  const panels = [large, large, small].map((rasters) => ({ rasters, caption: '' }));
  const png = PNG.sync.read(await renderGrid(panels, { columns: 1, panelsPerRow: 2 }));
  const row = 34 + 8;
  expect([png.width, png.height]).toEqual([16 + 2 * (200 + 16), 16 + 150 + row + 50 + row]);
  expect(colourAt(png, 16, 16 + 150 + row)).toEqual([80, 80, 80]);
});

test('pictures that do not go together are refused', async () => {
  const refused = async (rasters: Raster[]): Promise<unknown> =>
    renderGrid([{ rasters, caption: 'a' }]).catch((error: unknown) => error);
  const code = 'NCN_PICTURE_RASTER';
  const [grey, other] = [...greys([0]), ...greys([0], 5)];
  if (grey === undefined || other === undefined) throw new Error('two pictures');
  expect(await refused([])).toMatchObject({ code });
  expect(await refused([grey, other])).toMatchObject({
    code,
    message: 'These pictures cannot be drawn together: one is 28×28, another 5×28.',
  });
  expect(await refused([{ ...grey, channels: 3 }])).toMatchObject({
    code,
    message: expect.stringContaining('784 bytes in place of 2352') as unknown,
  });
});

test('a figure has reference and input above, ground truth and result below', async () => {
  const signals = ['reference', 'input', 'target', 'output'].map((role, i) => ({
    ...{ role, range },
    rasters: same(51 * (i + 1), 16),
  }));
  const bytes = await renderFigure(signals, { title: 'dcnn_v1, update 1,000,000' });
  const png = PNG.sync.read(bytes);
  const at = (right: number, down: number) =>
    colourAt(
      png,
      Math.floor(png.width * (0.25 + 0.5 * right)),
      Math.floor(png.height * (0.2 + 0.5 * down)),
    )[0];
  expect([at(0, 0), at(1, 0), at(0, 1), at(1, 1)]).toEqual([51, 102, 153, 204]);
  expect(bytes.equals(await renderFigure(signals, { title: 'dcnn_v1, update 1,000,000' }))).toBe(
    true,
  );
  const captions = ['ground truth', 'result'].map((caption) => ({ rasters: same(0, 1), caption }));
  const named = ['target', 'output'].map((role) => ({ rasters: same(0, 1), role }));
  expect((await renderFigure(named)).equals(await renderGrid(captions, { panelsPerRow: 2 }))).toBe(
    true,
  );
});
