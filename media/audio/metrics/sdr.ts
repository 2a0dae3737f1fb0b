import { halfSpectrum, RealFft } from '../fft.js';
import { convolve } from '../convolve.js';

/** What an estimate is measured against: equally long signals. */
type Signal = Float32Array | Float64Array;

const decibel = (ratio: number): number => 10 * Math.log10(ratio);

function dot(a: Signal, b: Signal): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/**
 * Scale-invariant signal-to-distortion ratio in dB: Le Roux, Wisdom, Erdogan and Hershey, "SDR –
 * half-baked or well done?" (2019), equation 3, without subtraction of means.
 * @returns NaN for a silent target, −∞ for a silent estimate
 */
export function siSdr(estimate: Signal, target: Signal): number {
  const power = dot(target, target);
  if (power === 0) return NaN;
  if (dot(estimate, estimate) === 0) return -Infinity;
  const scale = dot(estimate, target) / power;
  let error = 0;
  for (let i = 0; i < target.length; i++) {
    error += (scale * (target[i] ?? 0) - (estimate[i] ?? 0)) ** 2;
  }
  return decibel((scale * scale * power) / error);
}

/**
 * Signal-to-distortion ratio in dB after the best filter of `taps` from target to estimate: as the
 * SDR of Vincent, Gribonval and Févotte (2006), with a filter that may look ahead.
 * @param ahead of the taps, how many are for samples to come
 * @returns NaN for a silent target, −∞ for a silent estimate
 */
export function filteredSdr(estimate: Signal, target: Signal, taps = 256, ahead = 64): number {
  if (dot(target, target) === 0) return NaN;
  if (dot(estimate, estimate) === 0) return -Infinity;
  const { own, cross } = correlations(estimate, target, taps, ahead);
  // One part in 1e10 keeps a band-limited target's equations from being singular.
  own[0] = (own[0] ?? 0) * (1 + 1e-10);
  const filter = solveToeplitz(own, cross);
  const advanced = new Float64Array(target.length + ahead);
  advanced.set(target);
  const fitted = convolve(advanced, filter).subarray(ahead);
  let signal = 0;
  let error = 0;
  for (let n = 0; n < estimate.length; n++) {
    signal += (fitted[n] ?? 0) ** 2;
    error += ((estimate[n] ?? 0) - (fitted[n] ?? 0)) ** 2;
  }
  return decibel(signal / error);
}

/** Σ t[n]·t[n − lag] for lags from 0 on, and Σ e[n]·t[n − lag] for lags from −ahead on. */
function correlations(
  estimate: Signal,
  target: Signal,
  taps: number,
  ahead: number,
): { own: Float64Array; cross: Float64Array } {
  const size = 2 ** Math.ceil(Math.log2(target.length + taps));
  const fft = new RealFft(size);
  const [e, t] = [halfSpectrum(fft.bins), halfSpectrum(fft.bins)];
  const [a, b] = [new Float64Array(size), new Float64Array(size)];
  a.set(estimate);
  b.set(target);
  fft.forwardPair([a, b], [e, t]);
  for (let k = 0; k < fft.bins; k++) {
    const [er, ei, tr, ti] = [e.re[k] ?? 0, e.im[k] ?? 0, t.re[k] ?? 0, t.im[k] ?? 0];
    e.re[k] = er * tr + ei * ti;
    e.im[k] = ei * tr - er * ti;
    t.re[k] = tr * tr + ti * ti;
    t.im[k] = 0;
  }
  fft.inversePair([e, t], [a, b]);
  const at = (of: Float64Array, lag: number): number => of[(lag + size) % size] ?? 0;
  return {
    own: Float64Array.from({ length: taps }, (_, lag) => at(b, lag)),
    cross: Float64Array.from({ length: taps }, (_, i) => at(a, i - ahead)),
  };
}

/**
 * Solves T·x = y for a symmetric positive Toeplitz matrix by Levinson's recursion (Golub and Van
 * Loan, Matrix Computations, algorithm 4.7.2).
 * @param t first column of the matrix
 */
export function solveToeplitz(t: Float64Array, y: Float64Array): Float64Array {
  const n = t.length;
  const first = t[0] ?? 1;
  const r = t.map((value) => value / first);
  const b = y.map((value) => value / first);
  const x = new Float64Array(n);
  const v = new Float64Array(n);
  const z = new Float64Array(n);
  x[0] = b[0] ?? 0;
  v[0] = -(r[1] ?? 0);
  let beta = 1;
  let alpha = -(r[1] ?? 0);
  for (let k = 1; k < n; k++) {
    beta *= 1 - alpha * alpha;
    let sum = b[k] ?? 0;
    for (let i = 0; i < k; i++) sum -= (r[i + 1] ?? 0) * (x[k - 1 - i] ?? 0);
    const mu = sum / beta;
    for (let i = 0; i < k; i++) x[i] = (x[i] ?? 0) + mu * (v[k - 1 - i] ?? 0);
    x[k] = mu;
    if (k === n - 1) break;
    let next = r[k + 1] ?? 0;
    for (let i = 0; i < k; i++) next += (r[i + 1] ?? 0) * (v[k - 1 - i] ?? 0);
    alpha = -next / beta;
    for (let i = 0; i < k; i++) z[i] = (v[i] ?? 0) + alpha * (v[k - 1 - i] ?? 0);
    v.set(z.subarray(0, k));
    v[k] = alpha;
  }
  return x;
}

/** Echo return loss enhancement in dB: the microphone's power ÷ the output's, where only echo is. */
export function erle(microphone: Signal, output: Signal): number {
  return decibel(dot(microphone, microphone) / dot(output, output));
}
