import { mean, type Sound } from '../../sound/sound.js';
import { resample } from '../resample.js';

/** Samples a second of all sounds of the speech experiments. */
export const sampleRate = 16_000;

/** The mean of the channels, at 16 kHz. */
export function monoOf({ rate, channels }: Sound): Float32Array {
  const mixed = mean(channels);
  return rate === sampleRate ? mixed : Float32Array.from(resample(mixed, rate, sampleRate));
}
