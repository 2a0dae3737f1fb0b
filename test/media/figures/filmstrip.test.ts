import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { renderFilmStrip } from '../../../media/figures/filmstrip.js';
import { colourAt, coloured, greys } from './support.js';

const strip = async (...columns: Parameters<typeof renderFilmStrip>[0]) =>
  PNG.sync.read(await renderFilmStrip(columns));

test('columns stand side by side, doubled, with their pictures one below the other', async () => {
  const png = await strip(
    { caption: 'a', rasters: greys([10, 60]) },
    { caption: 'b', rasters: greys([110, 160]) },
  );
  const at = (column: number, row: number) =>
    colourAt(png, 16 + column * 60 + 30, 16 + row * 60 + 30)[0];
  expect([at(0, 0), at(0, 1), at(1, 0), at(1, 1)]).toEqual([10, 60, 110, 160]);
  expect(png.width).toBe(16 + 56 + 4 + 56 + 16);
  expect(colourAt(png, 16 + 58, 40)).toEqual([255, 255, 255]);
});

test('columns of several sizes and colours keep their rows at one height', async () => {
  const large = [coloured([200, 0, 0], 64, 90), coloured([0, 200, 0], 64, 90)];
  const png = await strip(
    { caption: 'large', rasters: large },
    { caption: 's', rasters: greys([30, 70]) },
  );
  const x = 16 + 64 + 4 + 28;
  expect(colourAt(png, 20, 18)).toEqual([200, 0, 0]);
  expect(colourAt(png, 20, 16 + 94 + 2)).toEqual([0, 200, 0]);
  expect(colourAt(png, x, 18)).toEqual([30, 30, 30]);
  expect(colourAt(png, x, 16 + 56 + 10)).toEqual([255, 255, 255]);
  expect(colourAt(png, x, 16 + 94 + 2)).toEqual([70, 70, 70]);
});

test('a column without pictures, or with several sizes, is refused', async () => {
  const code = 'NCN_PICTURE_RASTER';
  await expect(strip({ caption: 'a', rasters: [] })).rejects.toMatchObject({ code });
  const mixed = [...greys([0]), ...greys([0], 27)];
  await expect(strip({ caption: 'a', rasters: mixed })).rejects.toMatchObject({ code });
});
