/** Samples that the model takes: 9.01 s at 16 kHz. */
export const dnsmosSamples = 144_160;

/** Opinion scores from 1 to 5: of the speech, of the background, and overall. */
export interface OpinionScores {
  readonly signal: number;
  readonly background: number;
  readonly overall: number;
}

/**
 * What the model of DNSMOS P.835 is given: the first 9.01 s of a signal, which is repeated where it
 * is shorter, as the published script does.
 */
export function dnsmosInput(signal: Float32Array): Float32Array {
  return Float32Array.from(
    { length: dnsmosSamples },
    (_, i) => signal[i % Math.max(1, signal.length)] ?? 0,
  );
}

/**
 * The scores from what the model says: Reddy, Gopal and Cutler, "DNSMOS P.835" (2022); the
 * polynomials are those of the published script, fitted to listeners' opinions.
 * @param raw signal, background, overall
 */
export function opinionsOf([signal = NaN, background = NaN, overall = NaN]: ArrayLike<number> &
  Iterable<number>): OpinionScores {
  const at = (x: number, a: number, b: number, c: number): number => (a * x + b) * x + c;
  return {
    signal: at(signal, -0.08397278, 1.22083953, 0.0052439),
    background: at(background, -0.13166888, 1.60915514, -0.39604546),
    overall: at(overall, -0.06766283, 1.11546468, 0.04602535),
  };
}
