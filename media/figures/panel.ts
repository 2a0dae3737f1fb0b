import type { Layer } from './compose.js';
import { svgText, textWidth } from './svg.js';
import { tile, type GridImages } from './tile.js';

export type { GridImages } from './tile.js';

export interface GridPanel {
  readonly images: GridImages;
  readonly caption: string;
}

export interface DrawnPanel {
  /** The upper left corner of the first image is at (0, 0). */
  readonly layers: readonly Layer[];
  readonly width: number;
  readonly height: number;
}

const gap = 6;
/** `space` is from the images to the right end of the labels; these stand out by `overhang`. */
const bar = { gap: 10, width: 10, length: 140, space: 52, overhang: 8 };
const caption = { size: 17, baseline: 24, space: 34 };

/**
 * Images in rows, with a colour bar at the lower right and a caption.
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
  // Under the middle of the images; one that is wider than they are begins with them.
  const captionWidth = Math.ceil(await textWidth(panel.caption, caption.size));
  const wide = captionWidth > width;
  const text = svgText(panel.caption, {
    x: wide ? 0 : width / 2,
    y: caption.baseline,
    size: caption.size,
    anchor: wide ? 'start' : 'middle',
  });
  const full = Math.max(width + bar.space, captionWidth);
  const content = { svg: text, width: full, height: caption.space };
  return {
    layers: [
      { x: 0, y: 0, content: tiled },
      colourBar(width + bar.gap, height),
      { x: 0, y: height, content },
    ],
    width: full,
    height: height + caption.space,
  };
}

/** The scale from 0 to 1 at the lower right, as in the post's figures. */
function colourBar(x: number, bottom: number): Layer {
  const length = Math.min(bar.length, bottom);
  const { overhang } = bar;
  const values = length < 80 ? [0, 1] : [0, 0.2, 0.4, 0.6, 0.8, 1];
  const ticks = values.map((value) => {
    const y = overhang + length - Math.round(value * (length - 1)) - 0.5;
    const end = bar.width + 4;
    const label = svgText(value.toFixed(1), { x: end + 3, y: y + 4, size: 11 });
    return `<path d="M${bar.width} ${y}H${end}" stroke="black"/>${label}`;
  });
  // Half a pixel inwards, so that the outline covers whole pixels.
  const outline = `width="${bar.width - 1}" height="${length - 1}" fill="url(#scale)" stroke="black"`;
  return {
    x,
    y: bottom - length - overhang,
    content: {
      svg: `${scale}<rect x="0.5" y="${overhang + 0.5}" ${outline}/>${ticks.join('')}`,
      width: bar.space - bar.gap,
      height: length + 2 * overhang,
    },
  };
}

const scale =
  '<defs><linearGradient id="scale" x1="0" y1="1" x2="0" y2="0">' +
  '<stop offset="0" stop-color="black"/><stop offset="1" stop-color="white"/>' +
  '</linearGradient></defs>';
