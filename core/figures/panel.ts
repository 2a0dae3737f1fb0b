import { imagesSize } from '../errors/figures.js';
import { encodeGrey } from './png.js';
import { svgText, textWidth } from './svg.js';

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
  const tiled = tile(panel.images, columns, zoom);
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

/** The images side by side, each pixel a square, with white between them. */
function tile(
  { count, height, width, pixels }: GridImages,
  columns: number,
  zoom: number,
): { width: number; height: number; data: Float32Array } {
  if (pixels.length !== count * height * width) {
    throw imagesSize('pixels', pixels.length, [count, height, width]);
  }
  const rows = Math.ceil(count / columns);
  const [stepX, stepY] = [width * zoom + gap, height * zoom + gap];
  const tiled = { width: columns * stepX - gap, height: rows * stepY - gap };
  const data = new Float32Array(tiled.width * tiled.height).fill(1);
  for (let i = 0; i < count; i++) {
    const corner = Math.floor(i / columns) * stepY * tiled.width + (i % columns) * stepX;
    for (let y = 0; y < height * zoom; y++) {
      for (let x = 0; x < width * zoom; x++) {
        const pixel = (i * height + Math.floor(y / zoom)) * width + Math.floor(x / zoom);
        data[corner + y * tiled.width + x] = pixels[pixel] ?? 0;
      }
    }
  }
  return { ...tiled, data };
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
