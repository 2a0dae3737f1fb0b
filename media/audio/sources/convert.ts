import { originalUnlike } from '../../errors/corpus.js';
import { decodeAudio } from '../../sound/decode.js';
import { mean } from '../../sound/sound.js';
import { writeWav } from '../../sound/wav.js';
import { resample } from '../resample.js';
import { scaleToPeak } from '../synthesis/level.js';
import { sampleRate } from './mono.js';

/** Peak that music and noise of the corpus have. */
const peak = 0.9;

/** By how much a decoder's length may differ from what the corpus states, in seconds. */
const tolerance = 0.1;

export interface Conversion {
  /** Seconds that the result has. */
  readonly seconds: number;
  /** What is cut out: seconds from the beginning, and seconds at most. */
  readonly from?: number | undefined;
  readonly most?: number | undefined;
}

/**
 * A sound as the corpus has it: channels mixed, cut, resampled to 16 kHz, scaled to a peak of 0.9; as
 * a WAV file of 16 bits.
 * @param where an address, for messages
 * @throws NcnError as decodeAudio does; (`NCN_CORPUS_LENGTH`) where it is not as long as it should be
 */
export async function convertOriginal(
  bytes: Uint8Array,
  where: string,
  { seconds, from = 0, most = Infinity }: Conversion,
): Promise<Buffer> {
  const { rate, channels } = await decodeAudio(bytes, where);
  const start = Math.round(from * rate);
  const cut = channels.map((channel) => channel.subarray(start, start + most * rate));
  const sound = resample(mean(cut), rate, sampleRate);
  const found = sound.length / sampleRate;
  if (Math.abs(found - seconds) > tolerance) throw originalUnlike(where, found, seconds);
  return writeWav([scaleToPeak(sound, peak)], sampleRate, { bits: 16 });
}
