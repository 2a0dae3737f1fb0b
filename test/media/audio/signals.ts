/** Signals of which reference.py knows what is measured; the same numbers in both. */
export const rate = 16_000;

/** Uniform in [−½, ½), by a linear congruential generator. */
export function noise(seed: number, count: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** Harmonics under syllables, with pauses. */
export const voice = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, n) => {
    const t = n / rate;
    const open = Math.sin(2 * Math.PI * 0.4 * t) > -0.6 ? 1 : 0;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 3.1 * t)) ** 2 * open;
    let sum = 0;
    for (let k = 1; k < 20; k++) sum += Math.sin(2 * Math.PI * 140 * k * t + k) / k;
    return syllable * sum * 0.2;
  });

/** A signal through a filter, cut to its length. */
export function through(signal: Float64Array, response: readonly number[]): Float64Array {
  return signal.map((_, n) =>
    response.reduce((sum, tap, k) => sum + tap * (signal[n - k] ?? 0), 0),
  );
}

export const sum = (a: Float64Array, b: ArrayLike<number>, gain = 1): Float64Array =>
  a.map((value, i) => value + gain * (b[i] ?? 0));
