import type { RandomSequence, RandomStreams } from '../../../core/random/streams.js';
import { cancelEcho } from '../canceller.js';
import { convolve } from '../convolve.js';
import { resample } from '../resample.js';
import type { SoundSource } from '../sources/source.js';
import { drawLoudspeaker, play } from './loudspeaker.js';
import { drawRoom, roomResponse } from './room.js';

export const sampleRate = 16_000;

export interface Ingredients {
  readonly speech: SoundSource;
  readonly music: SoundSource;
  readonly noise: SoundSource;
  /** Measured responses, used with the probability `measured`. */
  readonly rooms?: SoundSource;
  /** Music that is made when it is asked for, in place of a recording half of the time. */
  readonly procedural?: (random: RandomSequence, seconds: number) => Float32Array;
  /** Noise likewise, in place of a recording in half of the training clips that would have one. */
  readonly proceduralNoise?: (random: RandomSequence, seconds: number) => Float32Array;
}

export interface ClipOptions {
  /** Length of a clip in seconds. */
  readonly seconds: number;
  /**
   * `test`: echo alone, double talk, echo alone, double talk, as the measures need it; `train`:
   * speech over the whole clip or from a random moment on, faster or slower than it was spoken,
   * sometimes without speech or echo.
   */
  readonly layout: 'train' | 'test';
  /** Rooms that are simulated; clips share them, since they take long. */
  readonly rooms: number;
  /** Share of clips in a measured room, where there are such. */
  readonly measured: number;
}

/** One clip; all signals are equally long. */
export interface Clip {
  /** speech + echo + noise, as the microphone hears it. */
  readonly microphone: Float32Array;
  /** What was played, before loudspeaker and room. */
  readonly reference: Float32Array;
  /** The speech in the microphone's signal: what should come out. */
  readonly target: Float32Array;
  /** The microphone's signal after the linear canceller. */
  readonly cancelled: Float32Array;
  /** The echo in the microphone's signal. */
  readonly echo: Float32Array;
  /** Speech-to-echo ratio over the active speech, dB; NaN where there is no speech or no echo. */
  readonly speechToEcho: number;
  /** Whether the reference is music of the data set, not made up for the clip. */
  readonly recorded: boolean;
}

/** Seconds of the test layout of ten or more: speech is where echo alone is not. */
const doubleTalk = [
  [3.1, 6],
  [7, 9.95],
] as const;

const power = (signal: Float64Array): number =>
  signal.reduce((sum, value) => sum + value * value, 0) / signal.length;

/**
 * Makes the clip of an index: the same for the same seed and options, whatever was made before.
 * @param stream names the split
 */
export async function makeClip(
  streams: RandomStreams,
  stream: string,
  index: number,
  sounds: Ingredients,
  options: ClipOptions,
): Promise<Clip> {
  const random = streams.at(`clip/${stream}`, index);
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const length = Math.round(options.seconds * sampleRate);
  const training = options.layout === 'train';
  const withoutSpeech = training && random.uniform() < 0.07;
  const withoutEcho = training && random.uniform() < 0.04;

  const { signal: reference, recorded } = await drawReference(random, sounds, length);
  if (withoutEcho) reference.fill(0);
  const played = play(reference, drawLoudspeaker(random), sampleRate);
  const delay = Math.floor(between(0, 0.01) * sampleRate);
  const delayed = new Float64Array(length);
  delayed.set(played.subarray(0, length - delay), delay);
  const echo = convolve(delayed, await drawResponse(streams, stream, random, sounds, options));

  const { speech, active } = await drawSpeech(random, sounds.speech, length, training);
  if (withoutSpeech) speech.fill(0);
  const ratio = between(-15, 5);
  const spokenPower = powerWhere(speech, active);
  const echoPower = powerWhere(echo, active);
  if (echoPower > 0) {
    const wanted = spokenPower > 0 ? spokenPower : 1;
    scaleBy(echo, Math.sqrt(wanted / echoPower / 10 ** (ratio / 10)));
  }

  const noise = await drawNoise(random, sounds, length, training);
  const loud = spokenPower > 0 ? spokenPower : power(echo);
  const noisePower = power(noise);
  const snr = between(10, 30);
  scaleBy(noise, noisePower > 0 ? Math.sqrt((loud || 1) / noisePower / 10 ** (snr / 10)) : 0);

  const mixture = new Float64Array(length);
  let peak = 0;
  for (let n = 0; n < length; n++) {
    mixture[n] = (speech[n] ?? 0) + (echo[n] ?? 0) + (noise[n] ?? 0);
    peak = Math.max(peak, Math.abs(mixture[n] ?? 0));
  }
  const level = peak > 0 ? between(0.3, 0.8) / peak : 0;
  const scaled = (signal: Float64Array): Float32Array =>
    new Float32Array(scaleBy(signal.slice(), level));
  const microphone = scaled(mixture);
  const clean = new Float32Array(reference);
  return {
    microphone,
    reference: clean,
    target: scaled(speech),
    cancelled: cancelEcho(microphone, clean),
    echo: scaled(echo),
    speechToEcho: withoutSpeech || withoutEcho ? NaN : ratio,
    recorded,
  };
}

const responses = new Map<string, Float64Array>();

async function drawResponse(
  streams: RandomStreams,
  stream: string,
  random: RandomSequence,
  { rooms }: Ingredients,
  options: ClipOptions,
): Promise<ArrayLike<number>> {
  const measured = random.uniform() < options.measured;
  const chosen = random.below(Math.max(1, options.rooms));
  if (measured && rooms !== undefined && rooms.count > 0) {
    return rooms.read(random.below(rooms.count));
  }
  const key = `${streams.seed}/${stream}/${chosen}`;
  const known = responses.get(key);
  if (known !== undefined) return known;
  const response = roomResponse(drawRoom(streams.at(`room/${stream}`, chosen)), sampleRate);
  responses.set(key, response);
  return response;
}

async function drawReference(
  random: RandomSequence,
  { music, procedural }: Ingredients,
  length: number,
): Promise<{ signal: Float64Array; recorded: boolean }> {
  const recorded = procedural === undefined || random.uniform() < 0.5;
  const signal = new Float64Array(length);
  if (recorded) {
    const piece = await music.read(random.below(music.count));
    const from = random.below(Math.max(1, piece.length - length));
    for (let n = 0; n < length; n++) signal[n] = piece[(from + n) % piece.length] ?? 0;
  } else signal.set(procedural(random, length / sampleRate).subarray(0, length));
  const peak = signal.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const level = 0.3 + 0.6 * random.uniform();
  return { signal: scaleBy(signal, peak > 0 ? level / peak : 0), recorded };
}

/** How much faster than it was spoken speech is played in training. */
const paces = [0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15];

/** Utterances of one speaker, one after the other, and where they are. */
async function drawSpeech(
  random: RandomSequence,
  speech: SoundSource,
  length: number,
  training: boolean,
): Promise<{ speech: Float64Array; active: readonly (readonly [number, number])[] }> {
  const first = random.below(speech.count);
  const speaker = speech.groupOf(first);
  const own: number[] = [];
  for (let i = 0; i < speech.count; i++) if (speech.groupOf(i) === speaker) own.push(i);
  const whole = training && random.uniform() < 0.7;
  const start = training && !whole ? Math.floor(0.8 * random.uniform() * length) : 0;
  // Shorter clips have the same layout, in less time.
  const shorter = Math.min(sampleRate, length / 10);
  const active = training
    ? [[start, length] as const]
    : doubleTalk.map(
        ([from, to]) => [Math.round(from * shorter), Math.round(to * shorter)] as const,
      );
  const signal = new Float64Array(length);
  // Of few speakers, that makes more voices: Ko et al., "Audio augmentation for speech recognition".
  const pace = training ? (paces[random.below(paces.length)] ?? 1) : 1;
  const spoken = async (index: number): Promise<ArrayLike<number>> => {
    const sound = await speech.read(index);
    return pace === 1 ? sound : resample(sound, Math.round(pace * sampleRate), sampleRate);
  };
  let utterance = await spoken(first);
  let at = training ? random.below(Math.max(1, utterance.length - sampleRate)) : 0;
  for (const [from, end] of active) {
    const to = Math.min(end, length);
    for (let n = from; n < to; n++) {
      if (at >= utterance.length) {
        utterance = await spoken(own[random.below(own.length)] ?? first);
        at = 0;
      }
      signal[n] = utterance[at++] ?? 0;
    }
    fade(signal, from, to);
  }
  const rms = Math.sqrt(powerWhere(signal, active));
  return { speech: scaleBy(signal, rms > 0 ? 1 / rms : 0), active };
}

async function drawNoise(
  random: RandomSequence,
  { noise, proceduralNoise }: Ingredients,
  length: number,
  training: boolean,
): Promise<Float64Array> {
  const signal = new Float64Array(length);
  if (random.uniform() < 0.5) {
    // White noise of slope f^−s by a leaky sum: s from 0 to about ½.
    const slope = random.uniform() * 0.5;
    const pole = slope === 0 ? 0 : 1 - 2 ** (-8 * slope);
    let held = 0;
    for (let n = 0; n < length; n++) {
      held = pole * held + random.normal();
      signal[n] = held;
    }
    return signal;
  }
  const sound =
    training && proceduralNoise !== undefined && random.uniform() < 0.5
      ? proceduralNoise(random, length / sampleRate)
      : await noise.read(random.below(noise.count));
  const from = random.below(Math.max(1, sound.length));
  for (let n = 0; n < length; n++) signal[n] = sound[(from + n) % sound.length] ?? 0;
  return signal;
}

function fade(signal: Float64Array, from: number, to: number): void {
  const ramp = Math.min(0.01 * sampleRate, (to - from) / 2);
  for (let i = 0; i < ramp; i++) {
    const gain = i / ramp;
    signal[from + i] = (signal[from + i] ?? 0) * gain;
    signal[to - 1 - i] = (signal[to - 1 - i] ?? 0) * gain;
  }
}

function powerWhere(signal: Float64Array, active: readonly (readonly [number, number])[]): number {
  let sum = 0;
  let count = 0;
  for (const [from, to] of active) {
    for (let n = from; n < Math.min(to, signal.length); n++) sum += (signal[n] ?? 0) ** 2;
    count += Math.max(0, Math.min(to, signal.length) - from);
  }
  return count === 0 ? 0 : sum / count;
}

function scaleBy(signal: Float64Array, gain: number): Float64Array {
  for (let n = 0; n < signal.length; n++) signal[n] = (signal[n] ?? 0) * gain;
  return signal;
}
