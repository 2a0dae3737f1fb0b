import { RealFft, halfSpectrum } from '../fft.js';
import { resample } from '../resample.js';

/** Of the measure: rate, frame and its hop in samples, transform, bands, frames in a segment. */
const rate = 10_000;
const frame = 256;
const hop = 128;
const size = 512;
const bands = 15;
const lowest = 150;
const segment = 30;
/** Frames this many dB below the loudest are silence; the clipping of the measure, in dB. */
const dynamicRange = 40;
const clipping = -15;

const epsilon = 2 ** -52;

export interface Intelligibility {
  /** From 0 to 1: Taal, Hendriks, Heusdens and Jensen (2011). */
  readonly stoi: number;
  /** From −1 to 1: the extended measure of Jensen and Taal (2016). */
  readonly estoi: number;
}

/**
 * Short-time objective intelligibility of an estimate against the clean speech, and its extension:
 * correlations of the envelopes of 15 third-octave bands over segments of 384 ms, at 10 kHz,
 * silent frames left out. Taal et al., "An algorithm for intelligibility prediction of
 * time-frequency weighted noisy speech" (2011); Jensen and Taal, "An algorithm for predicting the
 * intelligibility of speech masked by modulated noise maskers" (2016).
 * @param sampleRate of both, in Hz
 * @returns NaN where less than a segment of speech is there
 */
export function intelligibility(
  estimate: Float32Array,
  clean: Float32Array,
  sampleRate: number,
): Intelligibility {
  const [x, y] = [clean, estimate].map((signal) => resample(signal, sampleRate, rate));
  if (x === undefined || y === undefined) return { stoi: NaN, estoi: NaN };
  const spoken = withoutSilence(x, y);
  const [xBands, yBands] = spoken.map(envelopes);
  const frames = xBands?.[0]?.length ?? 0;
  if (xBands === undefined || yBands === undefined || frames < segment) {
    return { stoi: NaN, estoi: NaN };
  }
  let stoi = 0;
  let estoi = 0;
  const segments = frames - segment + 1;
  for (let start = 0; start < segments; start++) {
    const cut = (all: readonly Float64Array[]): Float64Array[] =>
      all.map((band) => band.slice(start, start + segment));
    const [xs, ys] = [cut(xBands), cut(yBands)];
    stoi += correlationOfBands(xs, ys);
    estoi += correlationOfFrames(xs, ys);
  }
  return { stoi: stoi / segments, estoi: estoi / segments };
}

const window = Float64Array.from(
  // The inner points of a Hann window of frame + 2.
  { length: frame },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (frame + 1)),
);

/** Both signals without the frames in which the first is silent, put together by overlap-add. */
function withoutSilence(x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  const starts: number[] = [];
  for (let at = 0; at < x.length - frame; at += hop) starts.push(at);
  const energies = starts.map((at) => {
    let sum = 0;
    for (let i = 0; i < frame; i++) sum += ((window[i] ?? 0) * (x[at + i] ?? 0)) ** 2;
    return 20 * Math.log10(Math.sqrt(sum) + epsilon);
  });
  const loudest = energies.reduce((most, energy) => Math.max(most, energy), -Infinity);
  const kept = starts.filter((_, i) => loudest - dynamicRange - (energies[i] ?? 0) < 0);
  const join = (signal: Float64Array): Float64Array => {
    const out = new Float64Array(kept.length === 0 ? 0 : (kept.length - 1) * hop + frame);
    kept.forEach((at, k) => {
      for (let i = 0; i < frame; i++) {
        const to = k * hop + i;
        out[to] = (out[to] ?? 0) + (window[i] ?? 0) * (signal[at + i] ?? 0);
      }
    });
    return out;
  };
  return [join(x), join(y)];
}

/** First and past-the-last bin of each third-octave band. */
const edges = Array.from({ length: bands }, (_, band): readonly [number, number] => {
  const nearest = (frequency: number): number => Math.round((frequency * size) / rate);
  const centre = lowest * 2 ** (band / 3);
  return [nearest(centre * 2 ** (-1 / 6)), nearest(centre * 2 ** (1 / 6))];
});

/** Band by band, the envelope over the frames. */
function envelopes(signal: Float64Array): Float64Array[] {
  const fft = new RealFft(size);
  const spectrum = halfSpectrum(fft.bins);
  const starts: number[] = [];
  for (let at = 0; at < signal.length - frame; at += hop) starts.push(at);
  const result = Array.from({ length: bands }, () => new Float64Array(starts.length));
  const padded = new Float64Array(size);
  starts.forEach((at, t) => {
    for (let i = 0; i < frame; i++) padded[i] = (window[i] ?? 0) * (signal[at + i] ?? 0);
    fft.forward(padded, spectrum);
    edges.forEach(([from, to], band) => {
      let power = 0;
      for (let k = from; k < to; k++) {
        power += (spectrum.re[k] ?? 0) ** 2 + (spectrum.im[k] ?? 0) ** 2;
      }
      const of = result[band];
      if (of !== undefined) of[t] = Math.sqrt(power);
    });
  });
  return result;
}

const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, a) => sum + a * a, 0));

/** Minus its mean, over its length. */
function normalised(v: Float64Array): Float64Array {
  const mean = v.reduce((sum, a) => sum + a, 0) / v.length;
  const centred = v.map((a) => a - mean);
  const length = norm(centred) + epsilon;
  return centred.map((a) => a / length);
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** Mean over the bands of the correlation over time, the estimate scaled and clipped. */
function correlationOfBands(xs: readonly Float64Array[], ys: readonly Float64Array[]): number {
  const limit = 1 + 10 ** (-clipping / 20);
  let sum = 0;
  xs.forEach((x, band) => {
    const y = ys[band] ?? x;
    const scale = norm(x) / (norm(y) + epsilon);
    const clipped = y.map((value, i) => Math.min(value * scale, (x[i] ?? 0) * limit));
    sum += product(normalised(x), normalised(clipped));
  });
  return sum / xs.length;
}

/** Mean over the frames of the correlation over bands, each band normalised over time first. */
function correlationOfFrames(xs: readonly Float64Array[], ys: readonly Float64Array[]): number {
  const columns = (rows: readonly Float64Array[]): Float64Array[] => {
    const normal = rows.map(normalised);
    return Array.from({ length: segment }, (_, t) =>
      normalised(Float64Array.from(normal, (row) => row[t] ?? 0)),
    );
  };
  const [x, y] = [columns(xs), columns(ys)];
  return x.reduce((sum, column, t) => sum + product(column, y[t] ?? column), 0) / segment;
}
