/** Scales a signal in place to a peak; silence stays silence. */
export function scaleToPeak<T extends Float32Array | Float64Array>(signal: T, peak: number): T {
  let most = 0;
  for (const value of signal) most = Math.max(most, Math.abs(value));
  if (most === 0) return signal;
  const gain = peak / most;
  for (let n = 0; n < signal.length; n++) signal[n] = (signal[n] ?? 0) * gain;
  return signal;
}

/** Root of the mean square. */
export function rmsOf(signal: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < signal.length; n++) sum += (signal[n] ?? 0) ** 2;
  return Math.sqrt(sum / Math.max(1, signal.length));
}
