/**
 * A signal at another rate: polyphase filtering with a Kaiser-windowed low-pass, as MATLAB's and
 * Octave's `resample` (half length 10 · max(p, q), β = 5 for its 60 dB), without delay. The length is
 * ⌈length · to / from⌉.
 * @param from, to rates in Hz, whole numbers
 */
export function resample(signal: ArrayLike<number>, from: number, to: number): Float64Array {
  if (from === to) return Float64Array.from({ length: signal.length }, (_, i) => signal[i] ?? 0);
  const divisor = gcd(from, to);
  const [p, q] = [to / divisor, from / divisor];
  const { half, phases } = lowPass(p, q);
  const length = Math.ceil((signal.length * p) / q);
  const input = Float64Array.from(signal);
  const out = new Float64Array(length);
  for (let n = 0; n < length; n++) {
    // Of the signal with p − 1 zeros after each sample, the filter's centre is at n · q.
    const centre = n * q;
    const first = Math.max(0, Math.ceil((centre - half) / p));
    const last = Math.min(input.length - 1, Math.floor((centre + half) / p));
    const phase = phases[(centre + half) % p] ?? input;
    const newest = Math.floor((centre + half) / p);
    let sum = 0;
    for (let i = first; i <= last; i++) sum += (input[i] ?? 0) * (phase[newest - i] ?? 0);
    out[n] = sum;
  }
  return out;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

interface LowPass {
  /** Samples on either side of the centre, at rate p · from. */
  readonly half: number;
  /** Every p-th sample of the filter, from each of the first p on: what one output multiplies lies in a row. */
  readonly phases: readonly Float64Array[];
}

const made = new Map<string, LowPass>();

/** Gain p at rate p · from; cut-off at the lower of the two rates' halves. */
function lowPass(p: number, q: number): LowPass {
  const key = `${p}/${q}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const wide = Math.max(p, q);
  const rejection = 60;
  const cutoff = 1 / (2 * wide);
  const transition = cutoff / 10;
  const half = Math.ceil((rejection - 8) / (28.714 * transition));
  const beta = 0.1102 * (rejection - 8.7);
  const filter = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const t = i - half;
    const x = 2 * cutoff * t;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return 2 * p * cutoff * sinc * (bessel(beta * Math.sqrt(1 - (t / half) ** 2)) / bessel(beta));
  });
  const sum = filter.reduce((total, value) => total + value, 0);
  const scaled = filter.map((value) => (value * p) / sum);
  const phases = Array.from({ length: p }, (_, phase) =>
    Float64Array.from(
      { length: Math.ceil((scaled.length - phase) / p) },
      (_value, j) => scaled[phase + j * p] ?? 0,
    ),
  );
  const divided = { half, phases };
  made.set(key, divided);
  return divided;
}

/** Modified Bessel function of the first kind, of order 0, by its series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
