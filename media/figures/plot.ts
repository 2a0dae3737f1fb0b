import { createHash } from 'node:crypto';
import type { Point } from './downsample.js';
import { fontFamily } from './svg.js';

/**
 * Draws axes and lines with echarts, loaded when first used.
 * @param option of echarts
 * @returns SVG; equal options give equal text
 */
export async function drawPlot(option: object, width: number, height: number): Promise<string> {
  // All in one file: hundreds of small modules take six times as long to load.
  const echarts = await import('#echarts');
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily }, ...option });
    return withOwnNames(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/**
 * echarts counts charts and styles in the names of classes: the same chart would be another text each time.
 * Named after what it draws, it is the same, and differs from others that a page may hold.
 */
function withOwnNames(svg: string): string {
  const names = new Map<string, string>();
  const counted = svg.replace(/\bzr\d+-[a-z]+-?\d+\b/g, (name) => {
    const own = names.get(name) ?? `zr-${String(names.size)}`;
    names.set(name, own);
    return own;
  });
  const hash = createHash('sha256').update(counted).digest('hex').slice(0, 8);
  return counted.replace(/\bzr-/g, `zr${hash}-`);
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
