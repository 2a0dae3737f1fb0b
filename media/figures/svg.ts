import { createRequire } from 'node:module';
import type { Resvg } from '@resvg/resvg-js';
import type { Raster } from '../../core/data/medium.js';
import { escapeMarkup } from '../../core/services/markup.js';
import { luma } from './rasters.js';
import { Recent } from './recent.js';

/** The one font, shipped with the package: a picture does not depend on the machine. */
export const fontFamily = 'DejaVu Sans';

const fontFile = (): string =>
  createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

/** Loaded when first used, since most commands draw nothing. */
async function open(svg: string): Promise<Resvg> {
  const resvg = await import('@resvg/resvg-js');
  const font = { fontFiles: [fontFile()], loadSystemFonts: false, defaultFontFamily: fontFamily };
  return new resvg.Resvg(svg, { font, background: 'white' });
}

/** Renders SVG to PNG, one pixel for each unit. */
export async function renderSvg(svg: string): Promise<Buffer> {
  return (await open(svg)).render().asPng();
}

/** SVG elements as a picture of that size on white, grey (by their luma) or in colour. */
export async function drawSvg(
  elements: string,
  width: number,
  height: number,
  channels: 1 | 3,
): Promise<Raster> {
  const { pixels } = (await open(document(elements, width, height))).render();
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    if (channels === 1) data[i] = Math.round(luma(pixels, i * 4));
    // It is opaque.
    else data.set(pixels.subarray(i * 4, i * 4 + 3), i * 3);
  }
  return { width, height, channels, data };
}

const widths = new Recent<Promise<number>>(1000);

/** Width of a line of text in pixels. @param size font size in pixels */
export async function textWidth(text: string, size: number): Promise<number> {
  return widths.get(`${size} ${text}`, async () => {
    const line = svgText(text, { x: 0, y: 0, size });
    return (await open(document(line, 1, 1))).getBBox()?.width ?? 0;
  });
}

const document = (elements: string, width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${fontFamily}">${elements}</svg>`;

/** Breaks text between words into lines of at most `width` pixels; a longer word stays whole. */
export async function wrapText(text: string, size: number, width: number): Promise<string[]> {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || (await textWidth(longer, size)) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return line === '' ? lines : [...lines, line];
}

export interface TextPlace {
  readonly x: number;
  /** Of the line on which the letters stand. */
  readonly y: number;
  readonly size: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly colour?: string;
}

/** One line of text as an SVG element. */
export function svgText(text: string, place: TextPlace): string {
  const { x, y, size, anchor = 'start', colour = '#000000' } = place;
  return `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}" fill="${colour}">${escapeXml(text)}</text>`;
}

/** Text as SVG content, without the control characters that XML forbids. */
const escapeXml = (text: string): string => escapeMarkup(text.replaceAll(/\p{Cc}/gu, ' '));
