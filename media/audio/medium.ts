import type { Medium } from '../../core/data/medium.js';
import { waveMedium } from '../wave/medium.js';
import { spectrogram } from './spectrogram.js';

/** Shorter signals are drawn as plots. */
const shortest = 4096;

/**
 * Sounds [samples, 1] of one rate: WAV files that pages play, drawn as spectrograms on one colour
 * scale.
 * @param sampleRate Hz
 */
export function audioMedium(sampleRate: number): Medium {
  const wave = waveMedium({ sampleRate });
  return {
    ...wave,
    name: 'audio',
    fits: (shape) => shape.length === 2 && (shape[0] ?? 0) >= shortest && shape[1] === 1,
    draw: ({ data }) => spectrogram(data),
    plays: true,
  };
}
