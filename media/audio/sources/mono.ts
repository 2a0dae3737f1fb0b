import type { Sound } from '../files/sound.js';
import { resample } from '../resample.js';

/** Samples a second of all sounds of the speech experiments. */
export const sampleRate = 16_000;

/** The mean of the channels, at 16 kHz. */
export function monoOf({ rate, channels }: Sound): Float32Array {
  const [first = new Float32Array()] = channels;
  const mean =
    channels.length === 1
      ? first
      : first.map((_, n) => channels.reduce((sum, c) => sum + (c[n] ?? 0), 0) / channels.length);
  return rate === sampleRate ? mean : Float32Array.from(resample(mean, rate, sampleRate));
}
