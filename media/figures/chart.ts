import { verticalAxis } from './axes.js';
import { downsample, runMeans, type Point } from './downsample.js';
import { noticeStyle } from './grid.js';
import { drawLegend, lineColour } from './legend.js';
import { drawPlot, plotLine } from './plot.js';
import { fontFamily, renderSvg, svgText, wrapText } from './svg.js';

export interface ChartSeries {
  readonly name: string;
  /** x and y of each point, x ascending; points that are not finite are left out. */
  readonly points: readonly Point[];
  /** The vertical axis that it is read on; default left. */
  readonly axis?: 'left' | 'right';
}

export interface ChartOptions {
  readonly title: string;
  readonly xName: string;
  /** Name of the left axis. */
  readonly yName: string;
  /** A logarithmic left axis; values that are not above zero are left out. */
  readonly logarithmic?: boolean;
  /** The right axis, drawn where a series is read on it. */
  readonly right?: { readonly yName: string; readonly logarithmic?: boolean };
  /** What a reader must know about the data; under the title. */
  readonly notice?: string;
}

const width = 900;
const height = 540;

/** Points drawn of a series; more would not be seen at this width. */
const maxPoints = 1500;

/** Means drawn of a long series, whose noise would else be a solid band. */
const maxMeans = 200;

/**
 * Draws a line chart of 900 × 540 pixels; the same input gives the same bytes. Of a series of more
 * than 200 points, 200 means of successive points are drawn in bold over its values in faint,
 * thinned to those that shape the line.
 * @returns a PNG
 */
export async function renderChart(
  series: readonly ChartSeries[],
  options: ChartOptions,
): Promise<Buffer> {
  const sides = [
    { name: options.yName, logarithmic: options.logarithmic === true },
    { name: options.right?.yName ?? '', logarithmic: options.right?.logarithmic === true },
  ] as const;
  const lines = series.map(({ name, points, axis }, i) => {
    const side = axis === 'right' ? 1 : 0;
    const { logarithmic } = sides[side];
    const drawable = points.filter((point) => isDrawable(point, logarithmic));
    const thinned = downsample(drawable, maxPoints, logarithmic ? Math.log10 : undefined);
    const means = drawable.length > maxMeans ? runMeans(drawable, maxMeans) : [];
    return { name, side, colour: lineColour(i), points: thinned, means };
  });
  const axes = sides.map((side, i) => {
    const values = lines.filter((line) => line.side === i).flatMap(({ points }) => extent(points));
    const axis = verticalAxis(side, Math.min(...values), Math.max(...values));
    // One set of lines across the plot: the left axis's.
    return i === 0 ? axis : { ...axis, splitLine: { show: false } };
  });

  const notice = await wrapText(options.notice ?? '', noticeStyle.size, width - 80);
  const legend = await drawLegend(
    series,
    width,
    lines.some(({ means }) => means.length > 0),
  );
  const hasRight = lines.some(({ side }) => side === 1);
  const plot = await drawPlot(
    {
      grid: {
        left: 76,
        right: hasRight ? 76 : 34,
        top: 50 + notice.length * noticeStyle.line,
        bottom: 62 + legend.height,
        outerBoundsMode: 'none' as const,
      },
      xAxis: {
        type: 'value' as const,
        name: options.xName,
        nameLocation: 'middle' as const,
        nameGap: 30,
        nameTextStyle: { fontSize: 13, color: '#000000' },
      },
      yAxis: hasRight ? axes : axes.slice(0, 1),
      series: [
        ...lines.map((line) => plotLine(line, line.points, line.means.length > 0 ? 0.3 : 1)),
        ...lines.map((line) => plotLine(line, line.means, 1)),
      ],
    },
    width,
    height,
  );

  const middle = { x: width / 2, anchor: 'middle' } as const;
  const text = [
    svgText(options.title, { ...middle, y: 28, size: 18 }),
    ...notice.map((line, i) =>
      svgText(line, { ...middle, y: 46 + i * noticeStyle.line, ...noticeStyle }),
    ),
    `<g transform="translate(0 ${height - legend.height - 8})">${legend.svg}</g>`,
  ];
  return renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${fontFamily}">` +
      `${plot}${text.join('')}</svg>`,
  );
}

const isDrawable = ([x, y]: Point, logarithmic: boolean): boolean =>
  Number.isFinite(x) && Number.isFinite(y) && (!logarithmic || y > 0);

function extent(points: readonly Point[]): number[] {
  const values = points.map(([, y]) => y);
  return values.length === 0 ? [] : [Math.min(...values), Math.max(...values)];
}
