import { LineChart } from 'echarts/charts';
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ChartModel, LineModel } from '../model.js';
import { h } from './dom.js';
import { count, value } from './format.js';
import { pairs, smooth } from './smoothing.js';
import { colour, lineColour } from './theme.js';

use([LineChart, AriaComponent, DataZoomComponent, GridComponent, TooltipComponent, CanvasRenderer]);

/** What a reader set for all charts. */
export interface ChartSettings {
  readonly smoothing: number;
  readonly logarithmic: boolean;
  /** Names of lines that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** Part of the updates that is shown, in percent. */
  readonly zoom: readonly [from: number, to: number];
}

const height = 240;

/** A chart with its heading; drawn by {@link draw}, which may be called again. */
export class Chart {
  readonly element: HTMLElement;
  readonly #canvas: HTMLElement;
  #chart: EChartsType | undefined;
  #model: ChartModel;

  /** @param zoomed tells that the reader zoomed with the mouse or by touch */
  constructor(
    model: ChartModel,
    private readonly zoomed: (from: number, to: number) => void,
  ) {
    this.#model = model;
    this.#canvas = h('div', { class: 'canvas', role: 'img', 'aria-label': describe(model) });
    this.element = h(
      'figure',
      { class: 'chart', 'data-chart': model.id },
      h('figcaption', {}, model.title),
      this.#canvas,
    );
  }

  set model(model: ChartModel) {
    this.#model = model;
    this.#canvas.setAttribute('aria-label', describe(model));
  }

  draw(settings: ChartSettings): void {
    this.#chart ??= this.#open();
    const logarithmic = settings.logarithmic && this.#model.canBeLogarithmic;
    const axis = { color: colour('--muted'), fontSize: 11, hideOverlap: true };
    const split = { lineStyle: { color: colour('--line') } };
    const [start, end] = settings.zoom;
    this.#chart.setOption(
      {
        animation: false,
        grid: { left: 8, right: 16, top: 12, bottom: 8, outerBoundsMode: 'same' },
        xAxis: {
          type: 'value',
          min: 'dataMin',
          max: 'dataMax',
          axisLabel: { ...axis, formatter: short },
          splitLine: { show: false },
          axisLine: { onZero: false, lineStyle: { color: colour('--line') } },
          axisTick: { lineStyle: { color: colour('--line') } },
        },
        yAxis: {
          type: logarithmic ? 'log' : 'value',
          scale: true,
          axisLabel: { ...axis, formatter: (v: number) => tick(v, this.#model) },
          splitLine: split,
          axisLine: { show: false },
          axisTick: { show: false },
        },
        dataZoom: [
          {
            type: 'inside',
            start,
            end,
            filterMode: 'none',
            zoomOnMouseWheel: 'ctrl',
            moveOnMouseWheel: false,
          },
        ],
        tooltip: {
          trigger: 'axis',
          confine: true,
          backgroundColor: colour('--raised'),
          borderColor: colour('--line'),
          textStyle: { color: colour('--text'), fontSize: 12 },
          valueFormatter: (v: unknown) => (typeof v === 'number' ? value(v, this.#model) : '–'),
          axisPointer: {
            label: { formatter: (p: { value: unknown }) => `update ${count(Number(p.value))}` },
          },
        },
        series: this.#model.lines
          .filter(({ name }) => !settings.hidden.has(name))
          .flatMap((line) => seriesOf(line, settings.smoothing)),
      },
      { notMerge: true },
    );
  }

  resize(): void {
    this.#chart?.resize();
  }

  dispose(): void {
    this.#chart?.dispose();
  }

  #open(): EChartsType {
    const chart = init(this.#canvas, undefined, { renderer: 'canvas', height });
    chart.on('datazoom', () => {
      const { dataZoom } = chart.getOption();
      const [zoom] = Array.isArray(dataZoom) ? (dataZoom as { start: number; end: number }[]) : [];
      if (zoom !== undefined) this.zoomed(zoom.start, zoom.end);
    });
    return chart;
  }
}

/** The line as it is in faint and, where something smooths it, in bold over that. */
function seriesOf(line: LineModel, smoothing: number): object[] {
  const points = pairs(line.points);
  const base = line.means === undefined ? points : pairs(line.means);
  const smoothed = smoothing > 0 ? smooth(base, smoothing) : base;
  const shared = {
    type: 'line',
    name: line.name,
    showSymbol: points.length < 3,
    symbolSize: 5,
    itemStyle: { color: lineColour(line.colour) },
  };
  const style = { color: lineColour(line.colour), type: line.dashed === true ? [5, 4] : 'solid' };
  const bold = { ...shared, data: smoothed, lineStyle: { ...style, width: 2 }, z: 3 };
  if (smoothing === 0 && line.means === undefined) return [bold];
  const faint = {
    ...shared,
    data: points,
    lineStyle: { ...style, width: 1, opacity: 0.25 },
    itemStyle: { ...shared.itemStyle, opacity: 0.25 },
    silent: true,
    tooltip: { show: false },
    emphasis: { disabled: true },
    z: 2,
  };
  return [faint, bold];
}

function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(4))} M`;
  if (value >= 1e4) return `${Number((value / 1e3).toPrecision(4))} k`;
  return count(value);
}

function tick(y: number, { format }: ChartModel): string {
  const rounded = (x: number): string => Number(x.toPrecision(3)).toString();
  return format === 'percent' ? `${rounded(100 * y)} %` : rounded(y);
}

/** The chart in words, for those who do not see it. */
function describe({ title, lines, format }: ChartModel): string {
  const each = lines.map(({ name, points, count: values }) => {
    const [x, y] = [points.at(-2), points.at(-1)];
    return `${name}: ${count(values)} values, from ${value(points[1], { format })} to ${value(y, { format })} at update ${count(x ?? 0)}`;
  });
  return `${title} over updates. ${each.slice(0, 12).join('. ')}.`;
}
