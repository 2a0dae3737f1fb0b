import { imagesSize } from '../errors/figures.js';
import { noticeStyle } from './grid.js';
import { encodeBytes } from './png.js';
import { fontFamily, renderSvg, svgText, textWidth, wrapText } from './svg.js';
import { tile } from './tile.js';

/** One column of a film strip: the same few images at one moment. */
export interface FilmColumn {
  readonly caption: string;
  /** rows × height × width, shown from 0 (black) to 1 (white). */
  readonly pixels: Float32Array;
}

export interface FilmStripOptions {
  /** Images in a column. */
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  readonly title?: string;
  /** Small lines below: what a reader must know about the data. */
  readonly notice?: string;
  /** Side of a pixel of the images; a whole number, default 2. */
  readonly zoom?: number;
}

const margin = 16;
const gap = 4;
const captionSize = 12;
const captionSpace = 22;
const heading = { size: 18, space: 34 };

/**
 * Draws columns of images side by side, each with its caption below: what becomes of the same
 * images over time. The same input gives the same bytes.
 * @returns a PNG
 * @throws NcnError when a column does not hold rows × height × width pixels
 */
export async function renderFilmStrip(
  columns: readonly FilmColumn[],
  options: FilmStripOptions,
): Promise<Buffer> {
  const { rows, height, width, title, notice = '', zoom = 2 } = options;
  const pictures = columns.map(({ pixels, caption }) => {
    if (pixels.length !== rows * height * width) {
      throw imagesSize(caption, pixels.length, [rows, height, width]);
    }
    return tile({ count: rows, height, width, pixels }, 1, zoom, gap);
  });
  const imageHeight = rows * (height * zoom + gap) - gap;
  const widths = await Promise.all(
    columns.map(async ({ caption }) =>
      Math.max(width * zoom, Math.ceil(await textWidth(caption, captionSize)) + 8),
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
    const png = encodeBytes(picture).toString('base64');
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
