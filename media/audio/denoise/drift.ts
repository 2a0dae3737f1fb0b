import { echoFound, findDelay } from './delay.js';

/** Where a reference is in a microphone's signal whose clock is another: at sample n, `start + slope · n` later. */
export interface DelayLine {
  readonly start: number;
  /** Samples a sample: 1e-4 are 100 ppm. Positive: the microphone's clock is the faster one. */
  readonly slope: number;
}

const rate = 16_000;
/** Of a window: within it, clocks that drift blur what is looked for. */
const windowSamples = 2 * rate;
const mostWindows = 24;
/** Crystals differ by less. */
const steepest = 1e-3;
/** Samples by which most windows may miss the line. */
const tolerance = 3;

/**
 * Follows the delay over a recording, window by window, and lays a line through it that a minority of
 * mistaken windows does not move: Theil (1950) and Sen (1968).
 * @returns undefined where the windows do not agree on a line, or it does not move by two samples in all
 */
export function findDrift(
  microphone: Float32Array,
  reference: Float32Array,
): DelayLine | undefined {
  const last = Math.min(microphone.length, reference.length) - windowSamples;
  if (last < 2 * windowSamples) return undefined;
  const count = Math.min(mostWindows, 1 + Math.floor((2 * last) / windowSamples));
  const points = Array.from({ length: count }, (_, i) => {
    const from = Math.round((i * last) / (count - 1));
    const cut = (signal: Float32Array): Float32Array => signal.subarray(from, from + windowSamples);
    const delay = findDelay(cut(microphone), cut(reference));
    return { at: from + windowSamples / 2, delay: delay.exact, found: echoFound(delay) };
  }).filter(({ found }) => found);
  if (points.length < Math.max(4, count / 2)) return undefined;
  const slopes = points.flatMap((a, i) =>
    points.slice(i + 1).map((b) => (b.delay - a.delay) / (b.at - a.at)),
  );
  const slope = median(slopes);
  const start = median(points.map(({ at, delay }) => delay - slope * at));
  const near = points.filter(({ at, delay }) => Math.abs(delay - start - slope * at) <= tolerance);
  const moved = Math.abs(slope) * microphone.length;
  const sound = near.length >= 0.75 * points.length && Math.abs(slope) <= steepest && moved >= 2;
  return sound ? { start, slope } : undefined;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? NaN)) / 2;
}

/** Samples to either side of an interpolated one. */
const reach = 24;

/** cos and sin of π·i/24, from i = −23 on. */
const turns = (turn: (angle: number) => number): Float64Array =>
  Float64Array.from({ length: 2 * reach }, (_, k) => turn((Math.PI * (k + 1 - reach)) / reach));
const [cosines, sines] = [turns(Math.cos), turns(Math.sin)];

/**
 * A signal as it is where its delay is a line: out[n] = signal(n − start − slope·n), between samples by a sinc under a
 * Hann window of 48; silence beyond its ends.
 */
export function warped(
  signal: Float32Array,
  { start, slope }: DelayLine,
  length: number,
): Float32Array {
  const out = new Float32Array(length);
  for (let n = 0; n < length; n++) {
    const place = n - start - slope * n;
    const whole = Math.floor(place);
    if (whole + reach < 0 || whole - reach >= signal.length) continue;
    const part = place - whole;
    if (part < 1e-9) {
      out[n] = signal[whole] ?? 0;
      continue;
    }
    // sin(π(part − i)) is that of part, with the sign of i's parity.
    const top = Math.sin(Math.PI * part) / Math.PI;
    const angle = (Math.PI * part) / reach;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    let sum = 0;
    for (let k = 0; k < 2 * reach; k++) {
      const i = k + 1 - reach;
      const hann = 0.5 + 0.5 * (cos * (cosines[k] ?? 0) + sin * (sines[k] ?? 0));
      const term = ((signal[whole + i] ?? 0) * hann) / (part - i);
      sum += (i & 1) === 0 ? term : -term;
    }
    out[n] = top * sum;
  }
  return out;
}
