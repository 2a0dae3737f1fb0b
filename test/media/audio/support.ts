import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { halfSpectrum, RealFft } from '../../../media/audio/fft.js';

/** The bytes of a file of `fixtures/`; make.py there says how they were made. */
export const fixture = (name: string): Promise<Buffer> =>
  readFile(new URL(`./fixtures/${name}`, import.meta.url));

/** The folder of the published corpus, or undefined (with the reason printed). */
export function realCorpus(): string | undefined {
  const given = process.env['NCN_DATA'] ?? '';
  const candidates = [
    ...(given === '' ? [] : [given, join(given, 'speech')]),
    fileURLToPath(new URL('../../../../shared/data/speech', import.meta.url)),
  ];
  const found = candidates.find((dir) => existsSync(join(dir, 'splits.json')));
  if (found === undefined) {
    console.log(`Tests with the real sounds are skipped: not in ${candidates.join(' or ')}.`);
  }
  return found;
}

/** Power at k · 7.8125 Hz of a 16 kHz signal, the mean over blocks of 2048 samples. */
export function powersOf(signal: ArrayLike<number>): Float64Array {
  const size = 2048;
  const fft = new RealFft(size);
  const spectrum = halfSpectrum(fft.bins);
  const powers = new Float64Array(fft.bins);
  for (let at = 0; at + size <= signal.length; at += size / 2) {
    const block = Float64Array.from(
      { length: size },
      (_, n) => (signal[at + n] ?? 0) * Math.sin((Math.PI * n) / size),
    );
    fft.forward(block, spectrum);
    for (let k = 1; k < fft.bins; k++) {
      powers[k] = (powers[k] ?? 0) + (spectrum.re[k] ?? 0) ** 2 + (spectrum.im[k] ?? 0) ** 2;
    }
  }
  return powers;
}

/** Share of the power that is between two frequencies in Hz. */
export function shareOf(powers: Float64Array, low: number, high: number): number {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const bin = (frequency: number): number => Math.ceil((frequency * 2048) / 16_000);
  return sum(powers.subarray(bin(low), bin(high))) / sum(powers);
}

/** Share of frames of 20 ms that are 40 dB or more below the loudest. */
export function silenceOf(signal: Float32Array): number {
  const frame = 320;
  const powers = Array.from({ length: Math.floor(signal.length / frame) }, (_, i) =>
    signal.subarray(i * frame, (i + 1) * frame).reduce((sum, value) => sum + value * value, 0),
  );
  const loudest = Math.max(...powers);
  return powers.filter((power) => power < loudest * 1e-4).length / powers.length;
}

export const peakOf = (signal: Float32Array): number =>
  signal.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
