import type { Raster } from '../../core/data/medium.js';
import { noticeStyle } from './grid.js';
import { encodeRaster } from './png.js';
import { sizeOfAll, zoomFor } from './rasters.js';
import { fontFamily, renderSvg, svgText, textWidth, wrapText } from './svg.js';
import { tile } from './tile.js';

/** One column of a film strip: the same few examples at one moment. */
export interface FilmColumn {
  readonly caption: string;
  /** All of one size, which may be another than that of other columns. */
  readonly rasters: readonly Raster[];
}

export interface FilmStripOptions {
  readonly title?: string;
  /** Small lines below: what a reader must know about the data. */
  readonly notice?: string;
  /** Side of a unit of the pictures, a whole number; by default they get about 56 wide, or stay. */
  readonly zoom?: number;
}

const margin = 16;
const gap = 4;
/** Sides of a small picture are enlarged to about this. */
const side = 56;
const captionSize = 12;
const captionSpace = 22;
const heading = { size: 18, space: 34 };

/**
 * Draws columns of pictures side by side, each with its caption below: what becomes of the same
 * examples over time. The same input gives the same bytes.
 * @returns a PNG
 * @throws NcnError where a column has no picture, or pictures of several sizes
 */
export async function renderFilmStrip(
  columns: readonly FilmColumn[],
  { title, notice = '', zoom }: FilmStripOptions = {},
): Promise<Buffer> {
  const sized = columns.map(({ rasters }) => {
    const size = sizeOfAll(rasters);
    const times = zoom ?? zoomFor(rasters, side);
    return { times, width: size.width * times, height: size.height * times };
  });
  const tallest = Math.max(0, ...sized.map(({ height }) => height));
  // What belongs together stands at one height, also where columns have pictures of several sizes.
  const pictures = columns.map(({ rasters }, i) => {
    const { times = 1, height = 0 } = sized[i] ?? {};
    return tile(rasters, { columns: 1, zoom: times, gap: tallest - height + gap });
  });
  const imageHeight = Math.max(0, ...pictures.map(({ height }) => height));
  const widths = await Promise.all(
    columns.map(async ({ caption }, i) =>
      Math.max(sized[i]?.width ?? 0, Math.ceil(await textWidth(caption, captionSize)) + 8),
    ),
  );
  const titleWidth = title === undefined ? 0 : Math.ceil(await textWidth(title, heading.size));
  const strip = widths.reduce((sum, w) => sum + w + gap, -gap);
  const full = Math.max(strip, titleWidth, notice === '' ? 0 : noticeStyle.minWidth) + 2 * margin;
  const top = margin + (title === undefined ? 0 : heading.space);
  const below = top + imageHeight + captionSpace;
  const lines = await wrapText(notice, noticeStyle.size, full - 2 * margin);

  let x = Math.round((full - strip) / 2);
  const parts = columns.map(({ caption }, i) => {
    const cell = widths[i] ?? 0;
    const picture = pictures[i];
    const middle = x + cell / 2;
    x += cell + gap;
    if (picture === undefined) return '';
    const png = encodeRaster(picture).toString('base64');
    const left = Math.round(middle - picture.width / 2);
    const size = `width="${picture.width}" height="${picture.height}"`;
    return (
      `<image x="${left}" y="${top}" ${size} href="data:image/png;base64,${png}"/>` +
      svgText(caption, {
        x: middle,
        y: top + imageHeight + 15,
        size: captionSize,
        anchor: 'middle',
      })
    );
  });
  if (title !== undefined) {
    parts.push(
      svgText(title, { x: full / 2, y: margin + 14, size: heading.size, anchor: 'middle' }),
    );
  }
  lines.forEach((line, i) =>
    parts.push(svgText(line, { x: margin, y: below + 14 + i * noticeStyle.line, ...noticeStyle })),
  );
  const total = below + margin / 2 + lines.length * noticeStyle.line;
  return renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${full}" height="${total}" font-family="${fontFamily}">${parts.join('')}</svg>`,
  );
}
