import { encodeGrey } from './png.js';
import { svgText, textWidth } from './svg.js';
import { tile, type GridImages } from './tile.js';

export type { GridImages } from './tile.js';

export interface GridPanel {
  readonly images: GridImages;
  readonly caption: string;
}

export interface DrawnPanel {
  /** SVG elements; the upper left corner of the first image is at (0, 0). */
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const gap = 6;
const bar = { gap: 10, width: 10, length: 140, space: 52 };
const caption = { size: 17, baseline: 24, space: 34 };

/** Definitions that the panels of a picture share. */
export const panelDefinitions =
  '<defs><linearGradient id="scale" x1="0" y1="1" x2="0" y2="0">' +
  '<stop offset="0" stop-color="black"/><stop offset="1" stop-color="white"/>' +
  '</linearGradient></defs>';

/**
 * Draws images in rows, with a colour bar at the lower right and a caption.
 * @param zoom side of a pixel of the images
 * @throws NcnError when the array does not hold count × height × width pixels
 */
export async function drawPanel(
  panel: GridPanel,
  columns: number,
  zoom: number,
): Promise<DrawnPanel> {
  const tiled = tile(panel.images, columns, zoom, gap);
  const { width, height } = tiled;
  const png = encodeGrey(tiled).toString('base64');
  const image = `<image width="${width}" height="${height}" href="data:image/png;base64,${png}"/>`;
  // Under the middle of the images; one that is wider than they are begins with them.
  const wide = (await textWidth(panel.caption, caption.size)) > width;
  const text = svgText(panel.caption, {
    x: wide ? 0 : width / 2,
    y: height + caption.baseline,
    size: caption.size,
    anchor: wide ? 'start' : 'middle',
  });
  return {
    svg: image + colourBar(width + bar.gap, height) + text,
    width: Math.max(width + bar.space, Math.ceil(await textWidth(panel.caption, caption.size))),
    height: height + caption.space,
  };
}

/** The scale from 0 to 1 at the lower right, as in the post's figures. */
function colourBar(x: number, bottom: number): string {
  const length = Math.min(bar.length, bottom);
  const values = length < 80 ? [0, 1] : [0, 0.2, 0.4, 0.6, 0.8, 1];
  const ticks = values.map((value) => {
    const y = bottom - Math.round(value * (length - 1)) - 0.5;
    const end = x + bar.width + 4;
    const label = svgText(value.toFixed(1), { x: end + 3, y: y + 4, size: 11 });
    return `<path d="M${x + bar.width} ${y}H${end}" stroke="black"/>${label}`;
  });
  // Half a pixel inwards, so that the outline covers whole pixels.
  const [left, top] = [x + 0.5, bottom - length + 0.5];
  const outline = `width="${bar.width - 1}" height="${length - 1}" fill="url(#scale)" stroke="black"`;
  return `<rect x="${left}" y="${top}" ${outline}/>${ticks.join('')}`;
}
