import { halfSpectrum, RealFft } from '../fft.js';

/** What is known of where a reference is in a microphone's signal. */
export interface Delay {
  /** Samples by which the reference comes later in the microphone's signal; negative: earlier. */
  readonly samples: number;
  /** The same between samples, by a parabola through the correlation's peak. */
  readonly exact: number;
  /** Height of the correlation's peak over its usual height; see {@link echoFound}. */
  readonly confidence: number;
}

/** Below this there is no echo of the reference: unrelated music reaches about 6. */
const enough = 9;

export const echoFound = ({ confidence }: Delay): boolean => confidence >= enough;

/** Two seconds at 16 kHz, half of it zeros. */
const size = 65_536;
const part = size / 2;

/** Samples of delay, either way, that are looked at. */
const usualMost = 8000;

/**
 * Finds a reference in a microphone's signal: the peak of {@link correlate}.
 * @param most samples of delay, either way, that are looked at
 */
export function findDelay(
  microphone: Float32Array,
  reference: Float32Array,
  most = usualMost,
): Delay {
  const values = correlate(microphone, reference, most);
  return values === undefined ? { samples: 0, exact: 0, confidence: 0 } : peakIn(values);
}

/**
 * The generalised cross-correlation with phase transform: Knapp and Carter, "The generalized
 * correlation method for estimation of time delay" (1976), summed over pieces.
 * @returns its values over their usual one, for lags from −most to most; undefined where there is silence alone
 */
export function correlate(
  microphone: Float32Array,
  reference: Float32Array,
  most = usualMost,
): Float64Array | undefined {
  const fft = new RealFft(size);
  const [m, r, sum] = [halfSpectrum(fft.bins), halfSpectrum(fft.bins), halfSpectrum(fft.bins)];
  const [a, b] = [new Float64Array(size), new Float64Array(size)];
  // What counts as silence depends on no gain: of either, the share of its own peak.
  const [heard, played] = [peakOf(microphone), peakOf(reference)];
  const rounding = 4e-9 * heard * played;
  const { length } = microphone;
  let pieces = 0;
  for (let at = 0; at < length; at += part / 2) {
    // The one before has all of it.
    if (at > 0 && length - at <= part / 2) break;
    cutTo(a, microphone, at);
    cutTo(b, reference, at);
    // Silence has no phase.
    if (peakOf(a) <= silent * heard || peakOf(b) <= silent * played) continue;
    fft.forwardPair([a, b], [m, r]);
    for (let k = 0; k < fft.bins; k++) {
      const [mr, mi, rr, ri] = [m.re[k] ?? 0, m.im[k] ?? 0, r.re[k] ?? 0, r.im[k] ?? 0];
      const re = mr * rr + mi * ri;
      const im = mi * rr - mr * ri;
      const length = Math.sqrt(re * re + im * im);
      if (length < rounding) continue;
      sum.re[k] = (sum.re[k] ?? 0) + re / length;
      sum.im[k] = (sum.im[k] ?? 0) + im / length;
    }
    pieces++;
  }
  if (pieces === 0) return undefined;
  r.re.fill(0);
  r.im.fill(0);
  fft.inversePair([sum, r], [a, b]);
  const values = Float64Array.from(
    { length: 2 * most + 1 },
    (_, i) => a[(i - most + size) % size] ?? 0,
  );
  const usual = Math.sqrt(
    values.reduce((square, value) => square + value * value, 0) / values.length,
  );
  return usual > 0 ? values.map((value) => value / usual) : undefined;
}

/** The peak of a correlation, between two lags at the most. */
export function peakIn(values: Float64Array, from = -Infinity, to = Infinity): Delay {
  const most = (values.length - 1) / 2;
  let samples = 0;
  let confidence = -Infinity;
  for (let lag = Math.max(-most, from); lag <= Math.min(most, to); lag++) {
    const value = values[lag + most] ?? 0;
    if (value <= confidence) continue;
    confidence = value;
    samples = lag;
  }
  const at = (lag: number): number => values[lag + most] ?? 0;
  const [before, after] = [at(samples - 1), at(samples + 1)];
  const bend = before - 2 * confidence + after;
  const off = bend < 0 ? (before - after) / (2 * bend) : 0;
  // At the end of what is looked at there may be no peak, but a slope.
  return { samples, exact: samples + Math.max(-1, Math.min(1, off)), confidence };
}

/** Of a signal's peak. */
const silent = 2e-4;

/** The greatest amplitude. */
export function peakOf(signal: Float32Array | Float64Array): number {
  let peak = 0;
  for (const value of signal) peak = Math.max(peak, Math.abs(value));
  return peak;
}

/**
 * A piece under a Hann window, and zeros. Cut hard, both signals have an edge at the same moment, which is in all
 * bins: where the phase alone counts it stands against the music, as a delay of 0.
 */
function cutTo(out: Float64Array, signal: Float32Array, at: number): void {
  const piece = signal.subarray(at, at + part);
  out.fill(0);
  for (let n = 0; n < piece.length; n++) {
    out[n] = (piece[n] ?? 0) * Math.sin((Math.PI * (n + 0.5)) / piece.length) ** 2;
  }
}

/** A signal moved to later by so many samples, cut or filled with silence to a length. */
export function shifted(signal: Float32Array, samples: number, length: number): Float32Array {
  const out = new Float32Array(length);
  for (let n = 0; n < length; n++) out[n] = signal[n - samples] ?? 0;
  return out;
}
