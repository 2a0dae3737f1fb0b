import { compose, type Layer } from './compose.js';
import { drawPanel, type GridPanel } from './panel.js';
import { encodeRaster } from './png.js';
import { svgText, textWidth, wrapText } from './svg.js';

export type { GridPanel } from './panel.js';

export interface GridOptions {
  /** Pictures in a row of a panel; default 4. */
  readonly columns?: number;
  /** A heading over all panels. */
  readonly title?: string;
  /** Small lines below: what a reader must know about the data. */
  readonly notice?: string;
  /** Panels side by side; default 1. */
  readonly panelsPerRow?: number;
  /** Side of a unit of the pictures, a whole number; by default they get about 112 wide, or stay. */
  readonly zoom?: number;
}

const margin = 16;
const heading = { size: 18, space: 30 };
export const noticeStyle = { size: 11, line: 15, minWidth: 320, colour: '#a02020' };

/**
 * Draws panels of pictures in rows, each with a caption, and a colour bar where it says its range;
 * the same input gives the same bytes.
 * @returns an 8-bit PNG, grey unless one of the pictures is in colour
 * @throws NcnError where a panel has no picture, or pictures of several sizes
 */
export async function renderGrid(
  panels: readonly GridPanel[],
  options: GridOptions = {},
): Promise<Buffer> {
  const { columns = 4, title, notice = '', panelsPerRow = 1, zoom } = options;
  const drawn = await Promise.all(panels.map((panel) => drawPanel(panel, columns, zoom)));
  const across = Math.max(1, Math.min(panelsPerRow, panels.length));
  const lefts = places(across, (column) =>
    drawn.filter((_, i) => i % across === column).map((panel) => panel.width + margin),
  );
  const tops = places(Math.ceil(panels.length / across), (row) =>
    drawn.slice(row * across, (row + 1) * across).map((panel) => panel.height + margin / 2),
  );
  const titleWidth = title === undefined ? 0 : Math.ceil(await textWidth(title, heading.size));
  const width = Math.max(
    (lefts.at(-1) ?? 0) + margin,
    titleWidth + 2 * margin,
    notice === '' ? 0 : noticeStyle.minWidth,
  );

  const top = margin + (title === undefined ? 0 : heading.space);
  const below = top + (tops.at(-1) ?? 0);
  const lines = await wrapText(notice, noticeStyle.size, width - 2 * margin);
  const height = below + (lines.length === 0 ? 0 : lines.length * noticeStyle.line + 8);

  const layers = drawn.flatMap((panel, i): Layer[] => {
    const left = margin + (lefts[i % across] ?? 0);
    const down = top + (tops[Math.floor(i / across)] ?? 0);
    return panel.layers.map(({ x, y, content }) => ({ x: left + x, y: down + y, content }));
  });
  if (title !== undefined) {
    const place = { x: width / 2, y: margin + 14, size: heading.size, anchor: 'middle' } as const;
    layers.push({ x: 0, y: 0, content: { svg: svgText(title, place), width, height: top } });
  }
  if (lines.length > 0) {
    const text = lines.map((line, i) =>
      svgText(line, { x: margin, y: 11 + i * noticeStyle.line, ...noticeStyle }),
    );
    layers.push({ x: 0, y: below, content: { svg: text.join(''), width, height: height - below } });
  }
  return encodeRaster(await compose(layers, width, height));
}

/** Where rows or columns begin, and where the last one ends. @param sizes of what is in the n-th */
function places(count: number, sizes: (n: number) => readonly number[]): number[] {
  const ends = [0];
  for (let n = 0; n < count; n++) ends.push((ends.at(-1) ?? 0) + Math.max(0, ...sizes(n)));
  return ends;
}
