import type { Raster } from '../../core/data/medium.js';
import { colourBar } from './colour-bar.js';
import type { Layer } from './compose.js';
import { zoomFor } from './rasters.js';
import { svgText, textWidth } from './svg.js';
import { tile } from './tile.js';

export interface GridPanel {
  /** All of one size. */
  readonly rasters: readonly Raster[];
  readonly caption: string;
  /** What black and white stand for, shown beside grey pictures: the medium's `range`. */
  readonly range?: readonly [low: number, high: number] | undefined;
}

export interface DrawnPanel {
  /** The upper left corner of the first picture is at (0, 0). */
  readonly layers: readonly Layer[];
  readonly width: number;
  readonly height: number;
}

const gap = 6;
/** Sides of a small picture are enlarged to about this. */
const side = 112;
const caption = { size: 17, baseline: 24, space: 34 };

/**
 * Pictures in rows, with a caption and, where they are grey and their range is known, a colour bar
 * at the lower right.
 * @param zoom side of a unit of the pictures; by default as their size asks for
 * @throws NcnError where there is no picture, or they differ in size
 */
export async function drawPanel(
  panel: GridPanel,
  columns: number,
  zoom = zoomFor(panel.rasters, side),
): Promise<DrawnPanel> {
  const tiled = tile(panel.rasters, { columns, zoom, gap });
  const { width, height } = tiled;
  const { range } = panel;
  const hasBar = range !== undefined && range[0] < range[1] && tiled.channels === 1;
  const bar = hasBar ? await colourBar(width, height, range) : undefined;
  // Under the middle of the pictures; one that is wider than they are begins with them.
  const captionWidth = Math.ceil(await textWidth(panel.caption, caption.size));
  const wide = captionWidth > width;
  const text = svgText(panel.caption, {
    x: wide ? 0 : width / 2,
    y: caption.baseline,
    size: caption.size,
    anchor: wide ? 'start' : 'middle',
  });
  const full = Math.max(width + (bar?.width ?? 0), captionWidth);
  const content = { svg: text, width: full, height: caption.space };
  return {
    layers: [
      { x: 0, y: 0, content: tiled },
      ...(bar === undefined ? [] : [bar.layer]),
      { x: 0, y: height, content },
    ],
    width: full,
    height: height + caption.space,
  };
}
