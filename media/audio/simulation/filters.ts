/** A second-order section: b0 + b1 z⁻¹ + b2 z⁻² over 1 + a1 z⁻¹ + a2 z⁻². */
export interface Section {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** Second-order Butterworth low-pass, by the bilinear transform. @param cutoff Hz */
export function lowPass(cutoff: number, rate: number): Section {
  const { k, norm, a } = butterworth(cutoff, rate);
  return { b: [k * k * norm, 2 * k * k * norm, k * k * norm], a };
}

/** Second-order Butterworth high-pass, by the bilinear transform. @param cutoff Hz */
export function highPass(cutoff: number, rate: number): Section {
  const { norm, a } = butterworth(cutoff, rate);
  return { b: [norm, -2 * norm, norm], a };
}

function butterworth(cutoff: number, rate: number) {
  const k = Math.tan((Math.PI * cutoff) / rate);
  const norm = 1 / (1 + Math.SQRT2 * k + k * k);
  const a = [2 * (k * k - 1) * norm, (1 - Math.SQRT2 * k + k * k) * norm] as const;
  return { k, norm, a };
}

/** First-order high-pass, by the bilinear transform. @param cutoff Hz */
export function highPass1(cutoff: number, rate: number): Section {
  const k = Math.tan((Math.PI * cutoff) / rate);
  const norm = 1 / (1 + k);
  return { b: [norm, -norm, 0], a: [(k - 1) * norm, 0] };
}

/** Removes a constant: y[n] = x[n] − x[n − 1] + pole · y[n − 1]. */
export const dcBlocker = (pole: number): Section => ({ b: [1, -1, 0], a: [-pole, 0] });

/** Filters in place and returns the signal. */
export function filter(signal: Float64Array, { b, a }: Section): Float64Array {
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let n = 0; n < signal.length; n++) {
    const x = signal[n] ?? 0;
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    signal[n] = y;
  }
  return signal;
}
