import type { Medium } from '../../core/data/medium.js';
import { waveSize } from '../errors/wave.js';
import { plotWave } from './plot.js';
import { mean } from '../sound/sound.js';
import { readWav, writeWav } from '../sound/wav.js';

export interface WaveOptions {
  /** Values a second; only where it is known, pages offer to play what they show. */
  readonly sampleRate?: number | undefined;
  /** Of the plots, from bottom to top; default -1 to 1. */
  readonly range?: readonly [low: number, high: number];
}

/** What files say where the rate is not known: they must say something. */
const anyRate = 8000;

/** Signals of one dimension [length, 1] as plots, and as WAV files in 32-bit floating point. */
export const waveMedium = ({ sampleRate, range = [-1, 1] }: WaveOptions = {}): Medium => ({
  name: 'wave',
  fits: ([length = 0, ...channels]) => length >= 2 && channels.length === 1 && channels[0] === 1,
  extensions: ['.wav'],
  mime: 'audio/wav',
  async decode(bytes, where, [length = 0]) {
    const { rate, channels } = readWav(bytes, where);
    const samples = mean(channels);
    if (samples.length !== length) {
      throw waveSize(where, `${samples.length} values`, String(length));
    }
    if (sampleRate !== undefined && rate !== sampleRate) {
      throw waveSize(where, `${rate} values a second`, String(sampleRate));
    }
    return Promise.resolve(samples);
  },
  encode: ({ data }) =>
    Promise.resolve(writeWav([data], sampleRate ?? anyRate, { bits: 32, float: true })),
  draw: ({ data }) => plotWave(data, range),
  ...(sampleRate === undefined ? {} : { plays: true, sampleRate }),
});
