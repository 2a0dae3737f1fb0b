import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { renderFigure } from '../../../media/figures/figure.js';
import { renderGrid } from '../../../media/figures/grid.js';
import { colourAt, countColour } from './support.js';

const images = (value: number, count = 4) => ({
  count,
  height: 28,
  width: 28,
  pixels: new Float32Array(count * 28 * 28).fill(value),
});

/** Left of the n-th image of a grid, and top of the n-th row. */
const place = (n: number): number => 16 + n * (28 * 4 + 6);

test('each pixel of an image is a grey square, with white between the images', async () => {
  const four = images(0.5);
  four.pixels.fill(1.7, 0, 784);
  four.pixels.fill(-3, 784, 2 * 784);
  four.pixels[2 * 784 + 5 * 28 + 3] = 0.2;
  const panels = [{ images: four, caption: 'output' }];
  const png = PNG.sync.read(await renderGrid(panels, { columns: 2 }));
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

test('the colour bar goes from black below to white above', async () => {
  const png = PNG.sync.read(await renderGrid([{ images: images(0, 16), caption: 'a' }]));
  const x = place(4) - 6 + 10 + 5;
  const bottom = place(4) - 6;
  const greys = [bottom - 3, bottom - 70, bottom - 138].map((y) => colourAt(png, x, y)[0] ?? -1);
  expect(greys[0]).toBeLessThan(10);
  expect(Math.abs((greys[1] ?? 0) - 128)).toBeLessThan(4);
  expect(greys[2]).toBeGreaterThan(245);
});

test('the same input gives the same bytes, whatever else was drawn', async () => {
  const panels = [{ images: images(0.3), caption: 'a' }];
  const first = await renderGrid(panels);
  const [second, other] = await Promise.all([
    renderGrid(panels),
    renderGrid([{ images: images(0.3), caption: 'b' }]),
  ]);
  expect(first.equals(second)).toBe(true);
  expect(first.equals(other)).toBe(false);
});

test('the picture grows with the zoom, a title, and every line of a notice', async () => {
  const panels = [{ images: images(0), caption: 'a' }];
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
  const panel = (caption: string) => [{ images: images(0, 1), caption }];
  const widthOf = async (caption: string) =>
    PNG.sync.read(await renderGrid(panel(caption), { columns: 1 })).width;
  expect(await widthOf('output, update 3,000,000')).toBeGreaterThan((await widthOf('a')) + 20);
});

test('text is drawn as it is written, even where it looks like markup', async () => {
  const bytes = await renderGrid([{ images: images(0), caption: '<a> & "b"\u0007' }], {
    notice: 'made from <glyphs>',
  });
  // The luma of the notice's dark red.
  expect(countColour(bytes, [70, 70, 70])).toBeGreaterThan(20);
});

test('an array of another size is refused', async () => {
  const wrong = { ...images(0), count: 5 };
  await expect(renderGrid([{ images: wrong, caption: 'a' }])).rejects.toMatchObject({
    code: 'NCN_IMAGES_SIZE',
  });
});

test('a figure has reference and input above, ground truth and result below', async () => {
  const [reference, input, target, output] = [0.2, 0.4, 0.6, 0.8].map((v) => images(v, 16).pixels);
  if (!reference || !input || !target || !output) throw new Error('four arrays');
  const of = { count: 16, height: 28, width: 28, reference, input, target, output };
  const bytes = await renderFigure(of, { title: 'dcnn_v1, update 1,000,000' });
  const png = PNG.sync.read(bytes);
  const at = (right: number, down: number) =>
    colourAt(
      png,
      Math.floor(png.width * (0.25 + 0.5 * right)),
      Math.floor(png.height * (0.2 + 0.5 * down)),
    )[0];
  expect([at(0, 0), at(1, 0), at(0, 1), at(1, 1)]).toEqual([51, 102, 153, 204]);
  expect(bytes.equals(await renderFigure(of, { title: 'dcnn_v1, update 1,000,000' }))).toBe(true);
});
