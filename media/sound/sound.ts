import { soundEmpty, soundNotFinite, soundRate, soundTooLong } from '../errors/sounds.js';

/** Endings of the files of sounds that are read, in small letters. */
export const soundEndings: readonly string[] = ['.wav', '.wave', '.flac', '.ogg', '.oga', '.mp3'];

/** How samples are stored without loss: whole numbers, or floating point of 32 bits. */
export interface SampleDepth {
  readonly bits: 16 | 24 | 32;
  readonly float?: boolean;
}

/** A sound as its file has it. */
export interface Sound {
  /** Samples a second. */
  readonly rate: number;
  /** Equally long; mostly between −1 and 1. */
  readonly channels: readonly Float32Array[];
  /** What holds the file's samples, which compressed ones do not say: then 16 bits. */
  readonly depth?: SampleDepth;
  /** What is wrong with a file that could be read all the same: a sentence for people. */
  readonly notice?: string;
}

/** Samples of all channels together that a file may have: 1 GiB, 46 minutes of stereo at 48 kHz. */
const mostSamples = 2 ** 28;

const [lowestRate, highestRate] = [1_000, 384_000] as const;

/** @throws NcnError (`NCN_SOUND_TOO_LONG`) before memory for so many samples is asked for */
export function checkLength(where: string, samples: number): void {
  if (samples > mostSamples) throw soundTooLong(where, samples, mostSamples);
}

/** @throws NcnError (`NCN_SOUND_RATE`) */
export function checkRate(where: string, rate: number): void {
  if (!(rate >= lowestRate && rate <= highestRate)) {
    throw soundRate(where, rate, lowestRate, highestRate);
  }
}

/**
 * A sound in which every sample is a number.
 * @throws NcnError (`NCN_SOUND_EMPTY`, `_RATE`, `_NOT_FINITE`)
 */
export function checkedSound(where: string, sound: Sound): Sound {
  if ((sound.channels[0]?.length ?? 0) === 0) throw soundEmpty(where);
  checkRate(where, sound.rate);
  for (const [channel, samples] of sound.channels.entries()) {
    const index = samples.findIndex((value) => !Number.isFinite(value));
    if (index >= 0) throw soundNotFinite(where, channel, index, samples[index] ?? NaN);
  }
  return sound;
}

/** The mean of all channels. */
export function mean(channels: readonly Float32Array[]): Float32Array {
  const [only] = channels;
  if (channels.length === 1 && only !== undefined) return only;
  return Float32Array.from({ length: only?.length ?? 0 }, (_, i) =>
    channels.reduce((sum, channel) => sum + (channel[i] ?? 0) / channels.length, 0),
  );
}
