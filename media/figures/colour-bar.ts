import type { Layer } from './compose.js';
import { svgText, textWidth } from './svg.js';

/** `space` is from the pictures to the right end of the labels; these stand out by `overhang`. */
const bar = { gap: 10, width: 10, tick: 4, length: 140, space: 52, overhang: 8 };
const labels = { size: 11, gap: 3 };

/**
 * A scale from black to white, as in the post's figures.
 * @param x where the pictures end
 * @param bottom where it ends; it is as long as that, or shorter
 * @param range values of black and white
 * @returns it, and its width with the space before it
 */
export async function colourBar(
  x: number,
  bottom: number,
  [low, high]: readonly [low: number, high: number],
): Promise<{ readonly layer: Layer; readonly width: number }> {
  const length = Math.min(bar.length, bottom);
  const { overhang } = bar;
  const fifths = [0, 1, 2, 3, 4, 5].map((fifth) => low + (fifth * (high - low)) / 5);
  const digits = digitsOf(fifths);
  const values = length < 80 ? [low, high] : fifths;
  const end = bar.width + bar.tick;
  const start = end + labels.gap;
  const texts = values.map((value) => value.toFixed(digits).replace(/^-(?=[0.]+$)/, ''));
  const widths = await Promise.all(texts.map((text) => textWidth(text, labels.size)));
  const space = Math.max(bar.space, bar.gap + start + Math.ceil(Math.max(...widths)) + 2);
  const ticks = values.map((value, i) => {
    const share = (value - low) / (high - low);
    const y = overhang + length - Math.round(share * (length - 1)) - 0.5;
    const label = svgText(texts[i] ?? '', { x: start, y: y + 4, size: labels.size });
    return `<path d="M${bar.width} ${y}H${end}" stroke="black"/>${label}`;
  });
  // Half a pixel inwards, so that the outline covers whole pixels.
  const outline = `width="${bar.width - 1}" height="${length - 1}" fill="url(#scale)" stroke="black"`;
  const layer = {
    x: x + bar.gap,
    y: bottom - length - overhang,
    content: {
      svg: `${scale}<rect x="0.5" y="${overhang + 0.5}" ${outline}/>${ticks.join('')}`,
      width: space - bar.gap,
      height: length + 2 * overhang,
    },
  };
  return { layer, width: space };
}

/** Digits behind the point that tell values as they are, 4 at most. */
function digitsOf(values: readonly number[]): number {
  const step = ((values.at(-1) ?? 1) - (values[0] ?? 0)) / (values.length - 1);
  const isExact = (digits: number): boolean =>
    values.every((value) => Math.abs(Number(value.toFixed(digits)) - value) < step / 100);
  return [0, 1, 2, 3].find(isExact) ?? 4;
}

const scale =
  '<defs><linearGradient id="scale" x1="0" y1="1" x2="0" y2="0">' +
  '<stop offset="0" stop-color="black"/><stop offset="1" stop-color="white"/>' +
  '</linearGradient></defs>';
