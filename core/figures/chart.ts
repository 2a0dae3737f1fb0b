import { fontFamily, renderSvg } from './svg.js';

export interface ChartSeries {
  readonly name: string;
  /** x and y of each point. */
  readonly points: readonly (readonly [number, number])[];
}

export interface ChartOptions {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  /** A logarithmic axis; values that are not above zero are left out. */
  readonly logarithmic?: boolean;
  readonly notice?: string;
}

/** Points drawn of a long series. */
const maxPoints = 2000;

/**
 * Draws a line chart; the same input gives the same picture.
 * @returns a PNG
 */
export async function renderChart(
  series: readonly ChartSeries[],
  options: ChartOptions,
): Promise<Buffer> {
  const [core, charts, components, renderers, features] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
    import('echarts/features'),
  ]);
  core.use([
    charts.LineChart,
    components.GridComponent,
    components.LegendComponent,
    components.TitleComponent,
    renderers.SVGRenderer,
    features.LegacyGridContainLabel,
  ]);
  const logarithmic = options.logarithmic === true;
  const chart = core.init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 540 });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily },
    title: {
      text: options.title,
      subtext: options.notice ?? '',
      left: 'center',
      textStyle: { fontWeight: 'normal', fontSize: 17 },
      subtextStyle: { color: '#a02020' },
    },
    legend: { bottom: 4 },
    grid: { left: 70, right: 30, top: 64, bottom: 74 },
    xAxis: { type: 'value', name: options.xName, nameLocation: 'middle', nameGap: 26 },
    yAxis: {
      type: logarithmic ? 'log' : 'value',
      name: options.yName,
      axisLabel: { formatter: (value: number) => String(Number(value.toPrecision(3))) },
    },
    series: series.map(({ name, points }) => ({
      type: 'line',
      name,
      showSymbol: points.length < 3,
      lineStyle: { width: 1.6 },
      data: thin(points.filter(([, y]) => Number.isFinite(y) && (!logarithmic || y > 0))).map(
        (p) => [...p],
      ),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return renderSvg(svg);
}

/** Every k-th point, and the last. */
function thin(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const every = Math.max(1, Math.ceil(points.length / maxPoints));
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}
