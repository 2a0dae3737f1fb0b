import { soundCorrupt, soundFormat } from '../errors/sounds.js';
import { checkRate } from './sound.js';

/** How samples are stored: the chunk `fmt `. */
export interface WavFormat {
  readonly kind: 'pcm' | 'float' | 'a-law' | 'µ-law';
  readonly channels: number;
  readonly rate: number;
  /** Of one sample of one channel. */
  readonly bytes: number;
}

const kinds: ReadonlyMap<number, WavFormat['kind']> = new Map([
  [1, 'pcm'],
  [3, 'float'],
  [6, 'a-law'],
  [7, 'µ-law'],
]);

/** WAVE_FORMAT_EXTENSIBLE: the kind begins the GUID `SubFormat`. */
export const extensible = 0xfffe;

const allowed: Readonly<Record<WavFormat['kind'], readonly number[]>> = {
  pcm: [1, 2, 3, 4],
  float: [4, 8],
  'a-law': [1],
  'µ-law': [1],
};

/**
 * Reads the chunk `fmt ` (Microsoft, "Multiple channel audio data and WAVE files").
 * @throws NcnError (`NCN_SOUND_FORMAT`, `_CORRUPT`, `_RATE`)
 */
export function wavFormat(chunk: Buffer, where: string): WavFormat {
  if (chunk.length < 16) throw soundCorrupt(where, `its part 'fmt ' has ${chunk.length} bytes`);
  const stated = chunk.readUInt16LE(0);
  const number = stated === extensible && chunk.length >= 26 ? chunk.readUInt16LE(24) : stated;
  const [channels, rate] = [chunk.readUInt16LE(2), chunk.readUInt32LE(4)];
  const [frame, bits] = [chunk.readUInt16LE(12), chunk.readUInt16LE(14)];
  // Samples of fewer bits lie at the upper end of whole bytes.
  const bytes = Math.ceil(bits / 8);
  const kind = kinds.get(number);
  if (kind === undefined || !allowed[kind].includes(bytes)) {
    throw soundFormat(where, `it is a WAV file of kind ${number} with ${bits} bits`);
  }
  if (channels === 0 || frame !== channels * bytes) {
    throw soundCorrupt(
      where,
      `it states ${channels} channels of ${bits} bits in frames of ${frame} bytes`,
    );
  }
  checkRate(where, rate);
  return { kind, channels, rate, bytes };
}
