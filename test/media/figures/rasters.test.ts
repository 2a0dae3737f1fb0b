import fc from 'fast-check';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import type { Medium, Raster } from '../../../core/data/medium.js';
import { errorPicture, gridPicture } from '../../../media/figures/picture.js';
import { rastersOf, zoomFor } from '../../../media/figures/rasters.js';
import { tile } from '../../../media/figures/tile.js';
import { encodeTiles } from '../../../media/figures/tiles.js';
import { imageMedium } from '../../../media/image/medium.js';
import { colourAt, coloured, colourTypeOf, greys } from './support.js';

const code = 'NCN_PICTURE_RASTER';

test('a tensor becomes the pictures of its examples, all or the first', () => {
  const data = Float32Array.from({ length: 3 * 2 * 2 }, (_, i) => i / 255);
  const tensor = { shape: [3, 2, 2, 1], data };
  const drawn = rastersOf(imageMedium, tensor);
  expect(drawn.map((raster) => [...raster.data])).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9, 10, 11],
  ]);
  expect(rastersOf(imageMedium, tensor, 2)).toEqual(drawn.slice(0, 2));
  const colour = rastersOf(imageMedium, { shape: [2, 1, 2, 3], data });
  expect(colour.map(({ channels }) => channels)).toEqual([3, 3]);
  expect([...(colour[1]?.data ?? [])]).toEqual([6, 7, 8, 9, 10, 11]);
});

test('a medium that draws several sizes is refused', () => {
  const odd: Medium = {
    ...imageMedium,
    draw: (signal) => greys([0], Math.round((signal.data[0] ?? 0) * 9))[0] ?? { ...coloured([]) },
  };
  const tensor = { shape: [2, 1, 1, 1], data: Float32Array.of(1 / 3, 2 / 3) };
  expect(() => rastersOf(odd, tensor)).toThrow(expect.objectContaining({ code }));
});

/** What should be at a place of tiled pictures, by the definition. */
function expected(rasters: readonly Raster[], columns: number, zoom: number, gap: number) {
  const [{ width, height } = { width: 1, height: 1 }] = rasters;
  return (x: number, y: number, c: number, background: number): number => {
    const [column, row] = [
      Math.floor(x / (width * zoom + gap)),
      Math.floor(y / (height * zoom + gap)),
    ];
    const [dx, dy] = [x - column * (width * zoom + gap), y - row * (height * zoom + gap)];
    const raster = rasters[row * columns + column];
    if (raster === undefined || dx >= width * zoom || dy >= height * zoom) return background;
    const place = Math.floor(dy / zoom) * width + Math.floor(dx / zoom);
    return (raster.channels === 3 ? raster.data[place * 3 + c] : raster.data[place]) ?? -1;
  };
}

test('tiles are where they belong, whatever their number, size, colours and zoom', () => {
  const small = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
      small,
      small,
      small,
      small,
      fc.integer({ min: 0, max: 3 }),
      (inColour, width, height, columns, zoom, gap) => {
        const rasters = inColour.map((isColoured, n): Raster => {
          const channels = isColoured ? 3 : 1;
          const data = Uint8Array.from(
            { length: width * height * channels },
            (_, i) => (n * 31 + i * 7 + 1) % 251,
          );
          return { width, height, channels, data };
        });
        const tiled = tile(rasters, { columns, zoom, gap, background: 254 });
        const rows = Math.ceil(rasters.length / columns);
        expect(tiled.width).toBe(columns * (width * zoom + gap) - gap);
        expect(tiled.height).toBe(rows * (height * zoom + gap) - gap);
        expect(tiled.channels).toBe(inColour.includes(true) ? 3 : 1);
        const at = expected(rasters, columns, zoom, gap);
        tiled.data.forEach((value, i) => {
          const place = Math.floor(i / tiled.channels);
          const [x, y] = [place % tiled.width, Math.floor(place / tiled.width)];
          expect(value).toBe(at(x, y, i % tiled.channels, 254));
        });
      },
    ),
    { numRuns: 60 },
  );
});

test('sheets have no gaps, and black where there is no picture', () => {
  const bytes = encodeTiles(greys([50, 100, 150, 200, 250], 3, 2), 3);
  const png = PNG.sync.read(bytes);
  expect([png.width, png.height, colourTypeOf(bytes)]).toEqual([9, 4, 0]);
  const column = (y: number) => [0, 3, 6, 8].map((x) => colourAt(png, x, y)[0]);
  expect(column(0)).toEqual([50, 100, 150, 150]);
  expect(column(3)).toEqual([200, 250, 0, 0]);
  const colours = encodeTiles([coloured([9, 8, 7], 2, 2), ...greys([5], 2, 2)], 1);
  expect(colourTypeOf(colours)).toBe(2);
  expect(colourAt(PNG.sync.read(colours), 1, 1)).toEqual([9, 8, 7]);
  expect(colourAt(PNG.sync.read(colours), 1, 3)).toEqual([5, 5, 5]);
});

test.each([
  [28, 28, 4, 2],
  [32, 32, 4, 2],
  [20, 28, 4, 2],
  [100, 3, 1, 1],
  [3, 240, 1, 1],
  [9, 9, 12, 6],
])('%d × %d is enlarged %d times in grids and %d times in strips', (width, height, grid, strip) => {
  const rasters = greys([0], width, height);
  expect([zoomFor(rasters, 112), zoomFor(rasters, 56)]).toEqual([grid, strip]);
});

test('a small picture of pictures keeps their colours', () => {
  const grey = gridPicture(greys([9, 8, 7, 6]));
  expect(grey).toMatchObject({ width: 114, height: 114, channels: 1 });
  expect(colourTypeOf(grey.png)).toBe(0);
  const colours = gridPicture([coloured([10, 20, 30])]);
  expect(colours).toMatchObject({ width: 64, height: 64, channels: 3 });
  expect(colourAt(PNG.sync.read(Buffer.from(colours.png)), 30, 30)).toEqual([10, 20, 30]);
});

test('errors are orange where too bright, blue where too dark, black where right', () => {
  const picture = errorPicture(greys([200, 10, 70, 255]), greys([72, 148, 70, 0]));
  const png = PNG.sync.read(Buffer.from(picture.png));
  const at = (column: number, row: number) => colourAt(png, 20 + 58 * column, 20 + 58 * row);
  expect(at(0, 0)).toEqual([255, 140, 0]);
  expect(at(1, 0)).toEqual([40, 120, 255]);
  expect(at(0, 1)).toEqual([0, 0, 0]);
  expect(colourAt(png, 57, 20)).toEqual([0, 0, 0]);
  // Of colours their luma counts: red is 0.299 × 255 = 76 brighter than black.
  const red = errorPicture([coloured([255, 0, 0])], [coloured([0, 0, 0])]);
  const strength = (0.299 * 255) / 127.5;
  expect(colourAt(PNG.sync.read(Buffer.from(red.png)), 9, 9)).toEqual([
    Math.round(255 * strength),
    Math.round(140 * strength),
    0,
  ]);
  expect(() => errorPicture(greys([0]), greys([0], 27))).toThrow(expect.objectContaining({ code }));
  expect(() => errorPicture(greys([0, 0, 0]), greys([0, 0, 0, 0]))).toThrow(/number/);
});
