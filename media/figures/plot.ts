import type { Point } from './downsample.js';
import { fontFamily } from './svg.js';

/**
 * Draws axes and lines with echarts, loaded when first used.
 * @param option of echarts
 * @returns SVG
 */
export async function drawPlot(option: object, width: number, height: number): Promise<string> {
  // All in one file: hundreds of small modules take six times as long to load.
  const echarts = await import('#echarts');
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily }, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** A line as a series of echarts. */
export function plotLine(
  { name, side, colour }: { name: string; side: number; colour: string },
  points: readonly Point[],
  opacity: number,
) {
  return {
    type: 'line' as const,
    name,
    yAxisIndex: side,
    // A single point has no line.
    showSymbol: points.length === 1,
    color: colour,
    lineStyle: { width: opacity < 1 ? 1 : 1.8, opacity },
    data: points.map((point) => [...point]),
  };
}
