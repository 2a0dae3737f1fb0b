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
 * @returns NaN for a silent target
 */
export function filteredSdr(estimate: Signal, target: Signal, taps = 256, ahead = 64): number {
  const correlation = correlations(target, target, 0, taps);
  if ((correlation[0] ?? 0) === 0) return NaN;
  // One part in 1e10 keeps a band-limited target's equations from being singular.
  correlation[0] = (correlation[0] ?? 0) * (1 + 1e-10);
  const cross = correlations(estimate, target, -ahead, taps);
  const filter = solveToeplitz(correlation, cross);
  let signal = 0;
  let error = 0;
  for (let n = 0; n < estimate.length; n++) {
    let fitted = 0;
    for (let tap = 0; tap < taps; tap++) {
      fitted += (filter[tap] ?? 0) * (target[n - tap + ahead] ?? 0);
    }
    signal += fitted * fitted;
    error += ((estimate[n] ?? 0) - fitted) ** 2;
  }
  return decibel(signal / error);
}

/** Σ a[n]·b[n − lag] for `count` lags from `first` on. */
function correlations(a: Signal, b: Signal, first: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const lag = first + i;
    let sum = 0;
    const from = Math.max(0, lag);
    const to = Math.min(a.length, b.length + lag);
    for (let n = from; n < to; n++) sum += (a[n] ?? 0) * (b[n - lag] ?? 0);
    return sum;
  });
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
