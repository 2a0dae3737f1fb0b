import type { RandomSequence } from '../../../core/random/streams.js';
import { between } from './draw.js';
import { scaleToPeak } from './level.js';
import { vowels } from './phones.js';
import { rate } from './resonator.js';
import { speakerOf } from './speaker.js';
import { drawPhrase, silence, type Segment } from './utterance.js';
import { Voice } from './voice.js';

/**
 * Sounds like speech without being any: phrases of syllables, each a movement of four formants that
 * filter a voice of 85 to 260 Hz or breath, with fricatives, plosives, nasals and glides; pauses
 * between phrases. 16 kHz, peak 0.9 at most.
 * @param speaker a number: pitch, vocal tract, tempo and manner are those of its {@link speakerOf}
 */
export function synthesizeSpeech(
  random: RandomSequence,
  seconds: number,
  speaker: number,
): Float32Array {
  const own = speakerOf(speaker);
  const length = Math.round(seconds * rate);
  const out = new Float32Array(length);
  const noise = random.fillUniform(new Float32Array(2 * length), -1, 1);
  const voice = new Voice(own, random, noise, out);
  voice.speak(silence(between(random, 0.02, 0.2), vowels.schwa));
  while (!voice.isDone) {
    const phrase: readonly Segment[] = drawPhrase(random, own);
    for (const segment of phrase) voice.speak(segment);
  }
  brighten(out, own.brightness);
  scaleToPeak(out, between(random, 0.4, 0.9) - own.floor);
  // The room and the microphone are never quite silent.
  for (let n = 0; n < length; n++) out[n] = (out[n] ?? 0) + own.floor * (noise[n] ?? 0);
  return out;
}

/** Adds the difference of neighbouring samples, so much of it. */
function brighten(signal: Float32Array, amount: number): void {
  let last = 0;
  for (let n = 0; n < signal.length; n++) {
    const value = signal[n] ?? 0;
    signal[n] = value + amount * (value - last);
    last = value;
  }
}
