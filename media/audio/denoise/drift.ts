import { correlate, echoFound, peakIn } from './delay.js';

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
/** Crystals differ by less than 1000 ppm, which may be measured a little high. */
const steepest = 1.2e-3;
/** Between slopes that are tried; half of it blurs a window by two samples. */
const step = 1.5e-4;
/** Windows by which they are tried. */
const fewWindows = 6;
/** Heights of a window's correlation over its usual one: where the line is seen in it, and more than which count no more. */
const [seen, plenty] = [5, 30];
/** Peaks of a window that a line may go through: an early reflection may be higher than the direct sound. */
const peaksTried = 3;
/** Times that the reference is moved along the line so far, and a better one looked for. */
const refinements = 5;

/**
 * Follows the delay over a recording, window by window, with the reference resampled by slopes that are tried, and
 * takes the line on which the windows' correlations are highest in all; then moves the reference along it and lays
 * a line through what is left, which a minority of mistaken windows does not move: Theil (1950) and Sen (1968).
 * @returns undefined where the windows do not agree on a line, or it does not move by two samples in all
 */
export function findDrift(
  microphone: Float32Array,
  reference: Float32Array,
): DelayLine | undefined {
  const last = Math.min(microphone.length, reference.length) - windowSamples;
  if (last < 2 * windowSamples) return undefined;
  const most = Math.min(mostWindows, 1 + Math.floor((2 * last) / windowSamples));
  const follow: Follow = (line, count = most) =>
    Array.from({ length: count }, (_, i) => {
      const from = Math.round((i * last) / (count - 1));
      // The line, from the window's beginning on.
      const moved = { start: line.start + line.slope * from - from, slope: line.slope };
      const cut = microphone.subarray(from, from + windowSamples);
      const values = correlate(cut, warped(reference, moved, windowSamples));
      return values === undefined ? [] : [{ at: from + windowSamples / 2, values }];
    }).flat();
  const enough = Math.max(4, most / 2);
  const settle = ({ line }: Tried): Tried | undefined => settled(line, follow, enough, 1 / last);
  const level = { start: 0, slope: 0 };
  const windows = follow(level);
  const first = lineThrough(level, windows, 1 / last);
  if (isEqual(first.line, windows, enough, 1 / last)) return undefined;
  let found = settle(first);
  // A line that is seen dimly may be one of a piece that repeats itself.
  if (found === undefined || found.height < 2 * seen * most) {
    const few = Math.min(fewWindows, most);
    const all = slopes.map((slope) => {
      const moved = { start: 0, slope };
      return lineThrough(moved, follow(moved, few), 1 / last);
    });
    const other = settle(all.reduce((a, b) => (b.height > a.height ? b : a)));
    if (other !== undefined && !(found !== undefined && found.height > other.height)) found = other;
  }
  if (found === undefined || Math.abs(found.line.slope) > steepest) return undefined;
  return Math.abs(found.line.slope) * microphone.length >= 2 ? found.line : undefined;
}

const slopes = Array.from({ length: 17 }, (_, i) => (i - 8) * step);

/** A window in which there is something to hear. */
interface Window {
  /** Its middle. */
  readonly at: number;
  /** Its correlation with the reference, moved along a line. */
  readonly values: Float64Array;
}

type Follow = (line: DelayLine, count?: number) => Window[];

interface Tried {
  readonly line: DelayLine;
  /** Of the correlations on it, in all. */
  readonly height: number;
}

/**
 * The line on which the windows' correlations are highest, with a slope near that of another.
 * @param moved the other, along which the reference was moved @param fine steps of the slope
 */
function lineThrough(moved: DelayLine, windows: readonly Window[], fine: number): Tried {
  let best: Tried = { line: moved, height: -Infinity };
  const steps = Math.ceil((0.6 * step) / fine);
  for (const { at, values } of windows) {
    for (const lag of highest(values)) {
      for (let i = -steps; i <= steps; i++) {
        const start = lag - i * fine * at;
        const height = windows.reduce(
          (all, other) => all + heightAt(other.values, Math.round(start + i * fine * other.at)),
          0,
        );
        if (height > best.height) best = { line: sum(moved, { start, slope: i * fine }), height };
      }
    }
  }
  return best;
}

const sum = (a: DelayLine, b: DelayLine): DelayLine => ({
  start: a.start + b.start,
  slope: a.slope + b.slope,
});

/** Lags of the highest peaks. */
function highest(values: Float64Array): number[] {
  const left = values.slice();
  const most = (values.length - 1) / 2;
  return Array.from({ length: peaksTried }, () => {
    const { samples } = peakIn(left);
    left.fill(0, Math.max(0, samples + most - 4), samples + most + 5);
    return samples;
  });
}

/** The greatest of three values around a lag, up to what is plenty. */
function heightAt(values: Float64Array, lag: number): number {
  const i = lag + (values.length - 1) / 2;
  return Math.min(plenty, Math.max(values[i - 1] ?? 0, values[i] ?? 0, values[i + 1] ?? 0));
}

/** Whether clocks are equal, or nearly: the most usual case needs no second look. */
function isEqual(
  { start, slope }: DelayLine,
  windows: readonly Window[],
  enough: number,
  fine: number,
): boolean {
  if (Math.abs(slope) > fine) return false;
  const height = ({ at, values }: Window): number =>
    heightAt(values, Math.round(start + slope * at));
  return windows.filter((window) => height(window) >= 2 * seen).length >= enough;
}

/** Samples by which a window's peak may be off the common one. */
const tolerance = 3;

/** A line moved to where the windows have it; undefined where they do not agree on it. */
function settled(
  first: DelayLine,
  follow: Follow,
  enough: number,
  fine: number,
): Tried | undefined {
  let line = first;
  for (let i = 0; ; i++) {
    const windows = follow(line);
    // Less blurred, the windows may show a better one.
    const { line: better, height } = lineThrough(line, windows, fine);
    // Chance gives less, and what is blurred a little more.
    if (height < 0.75 * seen * enough) return undefined;
    if (Math.abs(better.slope - line.slope) <= 2 * fine) {
      const left = leftOver(windows, enough);
      return left === undefined ? undefined : { line: sum(line, left), height };
    }
    if (i === refinements) return undefined;
    line = better;
  }
}

/** What a line along which the reference was moved misses by; undefined where the windows do not agree. */
function leftOver(windows: readonly Window[], enough: number): DelayLine | undefined {
  const common = commonLag(windows);
  const near = windows.map(({ at, values }) => ({
    at,
    anywhere: echoFound(peakIn(values)),
    ...peakIn(values, common - tolerance, common + tolerance),
  }));
  const on = near.filter(({ confidence }) => confidence >= seen);
  // Windows that hear the reference, but elsewhere, speak against it.
  const elsewhere = near.filter(({ anywhere, confidence }) => anywhere && confidence < seen);
  if (on.length < enough || on.length < 3 * elsewhere.length) return undefined;
  return fit(on.map(({ at, exact }) => ({ at, left: exact })));
}

/** Where the windows have their peak in common, near the line that they were moved along. */
function commonLag(windows: readonly Window[]): number {
  const reach = 48;
  const lags = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const height = (lag: number): number =>
    windows.reduce((all, { values }) => all + heightAt(values, lag), 0);
  const heights = lags.map(height);
  return lags[heights.indexOf(Math.max(...heights))] ?? 0;
}

interface Point {
  readonly at: number;
  /** Samples by which the reference comes later than the line so far says. */
  readonly left: number;
}

/** Theil's and Sen's line. */
function fit(points: readonly Point[]): DelayLine {
  const slope = median(
    points.flatMap((a, i) => points.slice(i + 1).map((b) => (b.left - a.left) / (b.at - a.at))),
  );
  return { start: median(points.map(({ at, left }) => left - slope * at)), slope };
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
