import { rate } from './resonator.js';

/** Poles are this many times apart: one and a half octaves. */
const spacing = 2 ** 1.5;

/**
 * Filters in place so that amplitudes fall as f^−slope between 20 Hz and 8 kHz: pairs of a real pole
 * and a zero a part `slope` of the way to the next pole, so that each falls by 6 dB an octave for
 * that part (as in Corsini and Saletti, "A 1/f^γ power spectrum noise sequence generator", 1988).
 * @param slope 0 white, ½ pink, 1 brown
 */
export function shape<T extends Float32Array>(noise: T, slope: number): T {
  if (slope === 0) return noise;
  const at = (frequency: number): number => Math.exp((-2 * Math.PI * frequency) / rate);
  for (let frequency = 20; frequency < rate / 2; frequency *= spacing) {
    const pole = at(frequency);
    const zero = at(frequency * spacing ** slope);
    let [x1, y1] = [0, 0];
    for (let n = 0; n < noise.length; n++) {
      const x = noise[n] ?? 0;
      y1 = x - zero * x1 + pole * y1;
      x1 = x;
      noise[n] = y1;
    }
  }
  return noise;
}
