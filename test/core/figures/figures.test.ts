import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { renderChart } from '../../../core/figures/chart.js';
import { renderGrid } from '../../../core/figures/grid.js';
import { decodeGrey, encodeGrey, readGrey } from '../../../core/figures/png.js';

const images = (value: number) => ({
  count: 4,
  height: 28,
  width: 28,
  pixels: new Float32Array(4 * 28 * 28).fill(value),
});

/** Red, green and blue at a place. */
function at(png: PNG, x: number, y: number): number[] {
  const i = (y * png.width + x) * 4;
  return [...png.data.subarray(i, i + 3)];
}

test('grey pictures survive a round trip through PNG', () => {
  const data = Float32Array.from({ length: 12 }, (_, i) => Math.round((i * 255) / 11) / 255);
  const back = decodeGrey(encodeGrey({ width: 4, height: 3, data }), 'memory');
  expect([back.width, back.height]).toEqual([4, 3]);
  back.data.forEach((v, i) => expect(v).toBeCloseTo(data[i] ?? -1, 6));
});

test('colours become their luma', () => {
  const png = new PNG({ width: 1, height: 1 });
  png.data.set([255, 0, 0, 255]);
  expect(decodeGrey(PNG.sync.write(png), 'red').data[0]).toBeCloseTo(0.299, 6);
});

test('what is no PNG is refused by name', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'ncn-')), 'x.png');
  await writeFile(path, 'hello');
  await expect(readGrey(path)).rejects.toThrow(/x\.png is not a PNG/);
  await expect(readGrey(`${path}.none`)).rejects.toThrow(/cannot be read/);
});

test('a grid shows its images in grey from 0 to 1, with white gaps', async () => {
  const pixels = images(0.5);
  pixels.pixels.fill(1.7, 0, 784);
  const bytes = await renderGrid([{ images: pixels, caption: 'output' }], { columns: 2 });
  const png = PNG.sync.read(bytes);
  expect(at(png, 16 + 50, 16 + 50)).toEqual([255, 255, 255]);
  expect(at(png, 16 + 112 + 6 + 50, 16 + 50)).toEqual([128, 128, 128]);
  expect(at(png, 16 + 114, 16 + 60)).toEqual([255, 255, 255]);
  expect(
    bytes.equals(await renderGrid([{ images: pixels, caption: 'output' }], { columns: 2 })),
  ).toBe(true);
});

test('a caption and a notice change the picture', async () => {
  const panel = { images: images(0), caption: 'a' };
  const plain = await renderGrid([panel]);
  expect(plain.equals(await renderGrid([{ ...panel, caption: 'b' }]))).toBe(false);
  expect(plain.equals(await renderGrid([panel], { notice: 'made from glyphs' }))).toBe(false);
});

test('a chart draws each series, and the same bytes each time', async () => {
  const line = (name: string, f: (x: number) => number) => ({
    name,
    points: Array.from({ length: 5000 }, (_, x): [number, number] => [x, f(x)]),
  });
  const series = [line('a', (x) => 1 + x), line('b', (x) => 5000 - x)];
  const options = { title: 'losses', xName: 'update', yName: 'loss' };
  const one = await renderChart(series.slice(0, 1), options);
  const two = await renderChart(series, options);
  const coloured = (bytes: Buffer) => {
    const png = PNG.sync.read(bytes);
    let count = 0;
    for (let i = 0; i < png.data.length; i += 4) {
      const [r = 0, g = 0, b = 0] = png.data.subarray(i, i + 3);
      if (Math.max(r, g, b) - Math.min(r, g, b) > 60) count++;
    }
    return count;
  };
  expect(coloured(one)).toBeGreaterThan(500);
  expect(coloured(two)).toBeGreaterThan(coloured(one) * 1.5);
  expect(two.equals(await renderChart(series, options))).toBe(true);
});
