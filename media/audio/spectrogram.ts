import type { Raster } from '../../core/data/medium.js';
import { halfSpectrum, RealFft } from './fft.js';

const windowLength = 512;
const hop = 256;
const rows = 128;

/** Loudest and faintest level of the colours, dB of a full-scale sine: one scale for every picture. */
export const levels = { top: -10, bottom: -90 } as const;

/** Colours from faint to loud, after matplotlib's magma (Smith and van der Walt, CC0). */
const stops = [
  [0, 0, 4],
  [28, 16, 68],
  [79, 18, 123],
  [129, 37, 129],
  [181, 54, 122],
  [229, 80, 100],
  [251, 135, 97],
  [254, 194, 135],
  [252, 253, 191],
] as const;

/**
 * Spectrogram of a waveform: time to the right, frequency up to half the rate, 128 rows; the colour
 * is the level, on one scale for every signal.
 * @param columns at most; of a longer signal, each shows the loudest of several frames
 */
export function spectrogram(signal: Float32Array, columns = 320): Raster {
  const frames = Math.max(1, Math.floor((signal.length - windowLength) / hop) + 1);
  const width = Math.min(columns, frames);
  const data = new Uint8Array(width * rows * 3);
  const fft = new RealFft(windowLength);
  const spectrum = halfSpectrum(fft.bins);
  const part = new Float64Array(windowLength);
  const loudest = new Float64Array(width * rows);
  // A full-scale sine's peak under the window.
  const full = (windowLength / 4) ** 2;
  for (let t = 0; t < frames; t++) {
    for (let n = 0; n < windowLength; n++) {
      const hann = Math.sin((Math.PI * n) / windowLength) ** 2;
      part[n] = hann * (signal[t * hop + n] ?? 0);
    }
    fft.forward(part, spectrum);
    const column = Math.floor((t * width) / frames);
    for (let row = 0; row < rows; row++) {
      const at = (rows - 1 - row) * width + column;
      for (const k of [2 * row, 2 * row + 1]) {
        const power = ((spectrum.re[k] ?? 0) ** 2 + (spectrum.im[k] ?? 0) ** 2) / full;
        loudest[at] = Math.max(loudest[at] ?? 0, power);
      }
    }
  }
  loudest.forEach((power, i) => data.set(colourOf(10 * Math.log10(power + 1e-12)), 3 * i));
  return { width, height: rows, channels: 3, data };
}

function colourOf(level: number): [number, number, number] {
  const exact = Math.min(1, Math.max(0, (level - levels.bottom) / (levels.top - levels.bottom)));
  // As many colours as a palette has: pictures are a third as large.
  const share = Math.round(255 * exact) / 255;
  const place = share * (stops.length - 1);
  const low = stops[Math.floor(place)] ?? stops[0];
  const high = stops[Math.ceil(place)] ?? low;
  const mix = (i: 0 | 1 | 2): number =>
    Math.round(low[i] + (high[i] - low[i]) * (place - Math.floor(place)));
  return [mix(0), mix(1), mix(2)];
}
