import type { Raster } from '../../core/data/medium.js';
import { bytesWith, channelsOf } from './rasters.js';
import { Recent } from './recent.js';
import { drawSvg } from './svg.js';

/** A part of a picture: pixels as they are, or SVG elements with the upper left corner at (0, 0). */
export interface Layer {
  readonly x: number;
  readonly y: number;
  readonly content: Raster | { readonly svg: string; width: number; height: number };
}

const drawn = new Recent<Promise<Raster>>(32);

/**
 * Lays pixels over white, then SVG over them, the darker one where they overlap; in colour where
 * the pixels of any layer are. Pixels never pass through SVG, which would take many times as long.
 */
export async function compose(
  layers: readonly Layer[],
  width: number,
  height: number,
): Promise<Raster> {
  const channels = channelsOf(layers.flatMap(({ content }) => ('svg' in content ? [] : [content])));
  const data = new Uint8Array(width * height * channels).fill(255);
  for (const { x, y, content } of layers) {
    const isDrawn = 'svg' in content;
    const part = isDrawn
      ? await drawn.get(`${channels} ${content.width} ${content.height} ${content.svg}`, () =>
          drawSvg(content.svg, content.width, content.height, channels),
        )
      : content;
    const bytes = bytesWith(part, channels);
    const across = Math.min(part.width, width - x) * channels;
    for (let row = 0; row < Math.min(part.height, height - y); row++) {
      const from = row * part.width * channels;
      const to = ((y + row) * width + x) * channels;
      const line = bytes.subarray(from, from + across);
      if (!isDrawn) data.set(line, to);
      else darken(data, to, line);
    }
  }
  return { width, height, channels, data };
}

function darken(data: Uint8Array, to: number, line: Uint8Array): void {
  for (let i = 0; i < line.length; i++) {
    const value = line[i] ?? 255;
    if (value < (data[to + i] ?? 0)) data[to + i] = value;
  }
}
