import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { logarithmicTicks } from '../../../media/figures/axes.js';
import { renderChart } from '../../../media/figures/chart.js';
import { colourAt, countColour } from './support.js';

const line = (name: string, f: (x: number) => number, length = 150) => ({
  name,
  points: Array.from({ length }, (_, x): [number, number] => [x, f(x)]),
});
const options = { title: 'losses', xName: 'update', yName: 'loss' };
const blue = [0x00, 0x72, 0xb2];
const orange = [0xd5, 0x5e, 0x00];

test('a chart draws each series in its colour, and the same bytes each time', async () => {
  const series = [line('a', (x) => 1 + x), line('b', (x) => 150 - x)];
  const one = await renderChart(series.slice(0, 1), options);
  const two = await renderChart(series, options);
  expect(countColour(one, blue)).toBeGreaterThan(500);
  expect(countColour(one, orange)).toBe(0);
  expect(countColour(two, orange)).toBeGreaterThan(500);
  expect(two.equals(await renderChart(series, options))).toBe(true);
});

test('a level line stands at its height, on linear, logarithmic and right axes', async () => {
  const rowOf = async (axis: 'left' | 'right', logarithmic: boolean) => {
    const level = { ...line('level', () => 1), axis };
    // Bounds of the axis: 0 to 2, or 0.01 to 100, with 1 in the middle.
    const bounds = {
      ...line('bounds', (x) => (logarithmic ? [0.01, 100] : [0, 2])[x % 2] ?? 0, 2),
    };
    const bytes = await renderChart([level, { ...bounds, axis }], {
      ...options,
      logarithmic,
      right: { yName: 'right', logarithmic },
    });
    const png = PNG.sync.read(bytes);
    // Inside the plot, without its axes.
    const rows = Array.from({ length: 390 }, (_, y) => y + 55);
    const hits = rows.filter((y) => (colourAt(png, 600, y)[0] ?? 255) < 100);
    return hits.reduce((sum, y) => sum + y, 0) / hits.length;
  };
  const top = 50;
  const bottom = 540 - 62 - 22;
  for (const axis of ['left', 'right'] as const) {
    for (const logarithmic of [false, true]) {
      expect(Math.abs((await rowOf(axis, logarithmic)) - (top + bottom) / 2)).toBeLessThan(2);
    }
  }
});

test('half a million noisy points can be drawn', async () => {
  const noisy = line('noisy', (x) => 2 + Math.sin(x * x), 500_000);
  const bytes = await renderChart([noisy], { ...options, logarithmic: true });
  expect(countColour(bytes, blue)).toBeGreaterThan(500);
});

test('values that cannot be drawn are left out', async () => {
  const good = line('a', (x) => 1 + x);
  const bad = { ...good, points: [...good.points, [NaN, 1], [200, NaN], [201, -1]] as const };
  const log = { ...options, logarithmic: true };
  expect((await renderChart([bad], log)).equals(await renderChart([good], log))).toBe(true);
});

test('a chart of nothing, and of one point, is still a picture', async () => {
  for (const logarithmic of [false, true]) {
    for (const points of [[], [[5, 0.3]]] as const) {
      const bytes = await renderChart([{ name: 'a', points }], { ...options, logarithmic });
      expect(PNG.sync.read(bytes).width).toBe(900);
    }
  }
});

test('many names take several rows of the legend', async () => {
  const series = Array.from({ length: 14 }, (_, i) => line(`a rather long name ${i}`, () => i));
  const bytes = await renderChart(series, { ...options, notice: 'made from glyphs' });
  expect(countColour(bytes, [0xa0, 0x20, 0x20])).toBeGreaterThan(20);
});

test.each([
  [0.03, 0.4, [0.02, 0.05, 0.1, 0.2, 0.5]],
  [0.02, 0.5, [0.02, 0.05, 0.1, 0.2, 0.5]],
  [1, 1, [1, 2]],
  [1e-5, 5, [1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10]],
  [0, 1, []],
  [-1, 1, []],
  [Infinity, -Infinity, []],
])('logarithmic ticks from %d to %d', (low, high, ticks) => {
  expect(logarithmicTicks(low, high)).toEqual(ticks);
});
