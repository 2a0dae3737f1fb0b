import { encodeGrey } from './png.js';
import { escapeXml, fontFamily, renderSvg } from './svg.js';

export interface GridImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** count × height × width, shown from 0 (black) to 1 (white). */
  readonly pixels: Float32Array;
}

export interface GridPanel {
  readonly images: GridImages;
  readonly caption: string;
}

export interface GridOptions {
  readonly columns?: number;
  /** A heading over all panels. */
  readonly title?: string;
  /** A small line below: what a reader must know about the data. */
  readonly notice?: string;
  /** Panels side by side; default 1. */
  readonly panelsPerRow?: number;
}

const zoom = 4;
const gap = 6;
const margin = 16;
const barSpace = 52;
const captionSpace = 34;

interface Drawn {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** One grid as a PNG inside SVG, with colour bar and caption; its corner is at (0, 0). */
function drawPanel({ images, caption }: GridPanel, columns: number): Drawn {
  const { count, height, width, pixels } = images;
  const rows = Math.ceil(count / columns);
  const gridWidth = columns * (width * zoom + gap) - gap;
  const gridHeight = rows * (height * zoom + gap) - gap;
  const data = new Float32Array(gridWidth * gridHeight).fill(1);
  for (let i = 0; i < count; i++) {
    const left = (i % columns) * (width * zoom + gap);
    const top = Math.floor(i / columns) * (height * zoom + gap);
    for (let r = 0; r < height * zoom; r++) {
      for (let c = 0; c < width * zoom; c++) {
        const pixel = (i * height + Math.floor(r / zoom)) * width + Math.floor(c / zoom);
        data[(top + r) * gridWidth + left + c] = pixels[pixel] ?? 0;
      }
    }
  }
  const png = encodeGrey({ width: gridWidth, height: gridHeight, data }).toString('base64');
  const [w, h] = [gridWidth, gridHeight];
  const image = `<image width="${w}" height="${h}" href="data:image/png;base64,${png}"/>`;
  const text = `<text x="${w / 2}" y="${h + 24}" font-size="17" text-anchor="middle">${escapeXml(caption)}</text>`;
  return {
    svg: image + colourBar(w + 10, h) + text,
    width: w + barSpace,
    height: h + captionSpace,
  };
}

/** The scale from 0 to 1 at the lower right, as in the post's figures. */
function colourBar(x: number, bottom: number): string {
  const length = Math.min(140, bottom);
  const top = bottom - length;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => {
    const y = bottom - value * length;
    return `<path d="M${x + 10} ${y}h4" stroke="black"/><text x="${x + 17}" y="${y + 4}" font-size="11">${value.toFixed(1)}</text>`;
  });
  return `<rect x="${x}" y="${top}" width="10" height="${length}" fill="url(#scale)" stroke="black" stroke-width="0.5"/>${ticks.join('')}`;
}

/**
 * Draws panels of images in rows, grey from 0 to 1, each with a colour bar and a caption; the
 * same input gives the same bytes.
 * @returns a PNG
 */
export async function renderGrid(
  panels: readonly GridPanel[],
  options: GridOptions = {},
): Promise<Buffer> {
  const { columns = 4, title, notice, panelsPerRow = 1 } = options;
  const drawn = panels.map((panel) => drawPanel(panel, columns));
  const cellWidth = Math.max(...drawn.map((d) => d.width)) + margin;
  const cellHeight = Math.max(...drawn.map((d) => d.height)) + margin / 2;
  const across = Math.min(panelsPerRow, panels.length);
  const top = margin + (title === undefined ? 0 : 30);
  const width = across * cellWidth + margin;
  const height =
    top + Math.ceil(panels.length / across) * cellHeight + (notice === undefined ? 0 : 22);
  const cells = drawn.map(
    ({ svg }, i) =>
      `<g transform="translate(${margin + (i % across) * cellWidth} ${top + Math.floor(i / across) * cellHeight})">${svg}</g>`,
  );
  const heading =
    title === undefined
      ? ''
      : `<text x="${width / 2}" y="${margin + 14}" font-size="18" text-anchor="middle">${escapeXml(title)}</text>`;
  const foot =
    notice === undefined
      ? ''
      : `<text x="${margin}" y="${height - 10}" font-size="11" fill="#a02020">${escapeXml(notice)}</text>`;
  return renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${fontFamily}">` +
      '<defs><linearGradient id="scale" x1="0" y1="1" x2="0" y2="0"><stop offset="0" stop-color="black"/><stop offset="1" stop-color="white"/></linearGradient></defs>' +
      `<rect width="100%" height="100%" fill="white"/>${heading}${cells.join('')}${foot}</svg>`,
  );
}
