import { expect, test } from 'vitest';
import { RandomStreams } from '../../../../core/random/streams.js';
import { speakerOf } from '../../../../media/audio/synthesis/speaker.js';
import { synthesizeSpeech } from '../../../../media/audio/synthesis/speech.js';
import { rmsOf } from '../../../../media/audio/synthesis/level.js';
import { peakOf, powersOf, shareOf, silenceOf } from '../support.js';

const seconds = 6;
const speech = Array.from({ length: 16 }, (_, i) =>
  synthesizeSpeech(new RandomStreams(1).at('speech', i), seconds, i),
);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test('power lies where that of speech does', () => {
  const powers = speech.map(powersOf);
  const share = (low: number, high: number): number =>
    mean(powers.map((power) => shareOf(power, low, high)));
  // Of 40 utterances of LibriSpeech: 48 %, 41 % and 7 %.
  expect(share(0, 500)).toBeGreaterThan(0.08);
  expect(share(500, 3000)).toBeGreaterThan(0.4);
  expect(share(4000, 8000)).toBeGreaterThan(0.02);
  expect(share(4000, 8000)).toBeLessThan(0.3);
});

test('there are pauses, as in speech', () => {
  // Of 60 utterances of LibriSpeech by the same measure: 0 to 43 %, median 14 %.
  const silent = speech.map(silenceOf);
  expect(mean(silent)).toBeGreaterThan(0.06);
  expect(mean(silent)).toBeLessThan(0.4);
  expect(Math.max(...silent)).toBeLessThan(0.6);
});

test('nothing sticks out: the peak is at most 28 dB above the mean power', () => {
  for (const sound of speech) expect(rmsOf(sound) / peakOf(sound)).toBeGreaterThan(0.04);
});

/** The pitch in Hz, by the autocorrelation of 64 ms from 80 to 300 Hz: the median of voiced ones. */
function pitchOf(sound: Float32Array): number {
  const size = 1024;
  const pitches: number[] = [];
  for (let from = 0; from + 2 * size <= sound.length; from += size) {
    const block = sound.subarray(from, from + size);
    const energy = block.reduce((sum, x) => sum + x * x, 0);
    let [best, lag] = [0.6, 0];
    for (let shift = Math.floor(16_000 / 300); shift <= 200; shift++) {
      let [product, power] = [0, 0];
      for (let n = 0; n < size; n++) {
        const later = sound[from + n + shift] ?? 0;
        product += (block[n] ?? 0) * later;
        power += later * later;
      }
      const correlation = product / Math.sqrt(power * energy);
      // A multiple of the period is as like: the first is taken.
      if (correlation > best * 1.03) [best, lag] = [correlation, shift];
    }
    if (lag > 0) pitches.push(16_000 / lag);
  }
  expect(pitches.length).toBeGreaterThan(10);
  return pitches.sort((a, b) => a - b)[Math.floor(pitches.length / 2)] ?? NaN;
}

test('the voice has the pitch of its speaker', () => {
  const near = speech.filter((sound, i) => {
    const octaves = Math.log2(pitchOf(sound) / speakerOf(i).pitch);
    return Math.abs(octaves) < 0.5;
  });
  expect(near.length).toBeGreaterThanOrEqual(13);
});

test('a speaker is the same in every utterance; speakers differ, and are of each kind', () => {
  expect(speakerOf(7)).toEqual(speakerOf(7));
  const speakers = Array.from({ length: 60 }, (_, i) => speakerOf(i));
  expect(new Set(speakers.map(({ pitch }) => pitch)).size).toBe(60);
  expect(new Set(speakers.map(({ kind }) => kind))).toEqual(new Set(['man', 'woman', 'child']));
  for (const { pitch, tract } of speakers) {
    expect(pitch).toBeGreaterThan(90);
    expect(pitch).toBeLessThan(245);
    expect(tract).toBeGreaterThan(0.9);
    expect(tract).toBeLessThan(1.41);
  }
});
