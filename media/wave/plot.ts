import type { Raster } from '../../core/data/medium.js';

const [width, height] = [240, 80];
const [white, grey, line] = [255, 200, 0];
/** Of a part in which a value is not finite. */
const broken = 150;

/**
 * A wave as a plot, 240 × 80, black on white, with a grey line at zero: each column spans the lowest
 * and the highest value of its part of the wave, between whose values the line is straight. Values
 * outside the range are drawn at its edge; a column with one that is not finite is grey.
 * @param range of what is drawn, from bottom to top
 */
export function plotWave(wave: Float32Array, [low, high]: readonly [number, number]): Raster {
  const data = new Uint8Array(width * height).fill(white);
  const rowOf = (value: number): number => {
    const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
    return Math.round((1 - share) * (height - 1));
  };
  if (low < 0 && high > 0) data.fill(grey, rowOf(0) * width, (rowOf(0) + 1) * width);
  for (let x = 0; x < width; x++) {
    const [least, most] = extent(wave, x / width, (x + 1) / width);
    const isFinite = Number.isFinite(least) && Number.isFinite(most);
    const [top, bottom] = isFinite ? [rowOf(most), rowOf(least)] : [0, height - 1];
    for (let y = top; y <= bottom; y++) data[y * width + x] = isFinite ? line : broken;
  }
  return { width, height, channels: 1, data };
}

/** The lowest and highest value between two shares of a wave; NaN where one is no number. */
function extent(wave: Float32Array, from: number, to: number): [low: number, high: number] {
  const last = wave.length - 1;
  const between = (place: number): number => {
    const index = Math.floor(place);
    const [left, right] = [wave[index] ?? NaN, wave[Math.min(index + 1, last)] ?? NaN];
    return left + (right - left) * (place - index);
  };
  const [start, end] = [from * last, to * last];
  const ends = [between(start), between(end)];
  let [low, high] = [Math.min(...ends), Math.max(...ends)];
  for (let i = Math.ceil(start); i <= end; i++) {
    low = Math.min(low, wave[i] ?? NaN);
    high = Math.max(high, wave[i] ?? NaN);
  }
  return [low, high];
}
