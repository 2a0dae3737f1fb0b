import { expect, test } from 'vitest';
import { drawPlot } from '../../../media/figures/plot.js';

const draw = (y: number): Promise<string> =>
  drawPlot(
    {
      xAxis: { type: 'value' },
      yAxis: { type: 'value' },
      series: [
        {
          type: 'line',
          data: [
            [0, 0],
            [1, y],
          ],
        },
      ],
    },
    200,
    100,
  );

test('the same chart is the same text, and another has names of its own', async () => {
  const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
  expect(again).toBe(first);
  const names = (svg: string): Set<string> => new Set(svg.match(/zr[0-9a-f]+-\d+/g) ?? []);
  expect(names(first).size).toBeGreaterThan(0);
  for (const name of names(other)) expect(names(first)).not.toContain(name);
});
