import type { RandomSequence } from '../../../core/random/streams.js';
import { filter, highPass, highPass1, lowPass } from './filters.js';

export interface Loudspeaker {
  /** Edges of its band in Hz. */
  readonly low: number;
  readonly high: number;
  /** How far it is driven into its bend, and how unevenly it bends. */
  readonly drive: number;
  readonly asymmetry: number;
  /** Of the high-pass behind the bend, Hz. */
  readonly coupling: number;
}

export function drawLoudspeaker(random: RandomSequence): Loudspeaker {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  return {
    low: between(80, 250),
    high: Math.min(7000, between(0.7, 0.95) * 8000),
    drive: between(0.1, 0.8),
    asymmetry: between(0, 0.08),
    coupling: between(60, 150),
  };
}

/**
 * What a small loudspeaker makes of a signal: band-pass, a bend z = tanh(u + q·u²) / drive at unit
 * power, high-pass. Silence stays silence.
 * @param rate Hz
 */
export function play(signal: Float64Array, speaker: Loudspeaker, rate: number): Float64Array {
  const { low, high, drive, asymmetry, coupling } = speaker;
  const band = filter(filter(signal.slice(), highPass(low, rate)), lowPass(high, rate));
  const power = band.reduce((sum, value) => sum + value * value, 0) / band.length;
  if (power === 0) return band;
  const scale = drive / Math.sqrt(power);
  for (let n = 0; n < band.length; n++) {
    const u = (band[n] ?? 0) * scale;
    band[n] = Math.tanh(u + asymmetry * u * u) / drive;
  }
  return filter(band, highPass1(coupling, rate));
}
