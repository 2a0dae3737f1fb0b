import { svgText, textWidth } from './svg.js';

/** Colours of lines, in order: Okabe and Ito, told apart by colour-blind readers too. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

export const lineColour = (index: number): string => colours[index % colours.length] ?? '#000000';

const size = 13;
const stroke = 24;
const between = 22;
const rowHeight = 22;
const explanation = 'bold: means of successive values; faint: the values';

/**
 * Draws the legend of lines in centred rows.
 * @param width of the picture
 * @param hasMeans whether to explain the bold and the faint lines
 * @returns SVG elements below y = 0, and the height they take
 */
export async function drawLegend(
  series: readonly { readonly name: string }[],
  width: number,
  hasMeans: boolean,
): Promise<{ svg: string; height: number }> {
  const rows: { name: string; colour: string; width: number }[][] = [];
  let used = Infinity;
  for (const [i, { name }] of series.entries()) {
    const entry = {
      name,
      colour: lineColour(i),
      width: stroke + 6 + (await textWidth(name, size)),
    };
    if (used + between + entry.width > width - 40) {
      rows.push([]);
      used = -between;
    }
    rows.at(-1)?.push(entry);
    used += between + entry.width;
  }
  const svg = rows.map((row, r) => {
    const y = r * rowHeight + rowHeight / 2;
    const length = row.reduce((sum, entry) => sum + entry.width, between * (row.length - 1));
    let x = Math.round((width - length) / 2);
    return row
      .map((entry) => {
        const line = `<path d="M${x} ${y}h${stroke}" stroke="${entry.colour}" stroke-width="3"/>`;
        const text = svgText(entry.name, { x: x + stroke + 6, y: y + 4.5, size });
        x += Math.round(entry.width + between);
        return line + text;
      })
      .join('');
  });
  if (hasMeans) {
    const place = { x: width / 2, y: rows.length * rowHeight + 12, anchor: 'middle' } as const;
    svg.push(svgText(explanation, { ...place, size: 11, colour: '#606060' }));
  }
  return { svg: svg.join(''), height: rows.length * rowHeight + (hasMeans ? 16 : 0) };
}
