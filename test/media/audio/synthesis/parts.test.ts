import { expect, test } from 'vitest';
import { RandomStreams } from '../../../../core/random/streams.js';
import { shape } from '../../../../media/audio/synthesis/coloured.js';
import {
  chordOf,
  drawHarmony,
  frequencyOf,
  rootOf,
} from '../../../../media/audio/synthesis/harmony.js';
import { synthesizeMusic } from '../../../../media/audio/synthesis/music.js';
import { drawBass, drawChords, drawMelody } from '../../../../media/audio/synthesis/parts.js';
import { Resonator } from '../../../../media/audio/synthesis/resonator.js';
import { drawTimbre, timbreKinds } from '../../../../media/audio/synthesis/timbre.js';
import { addTone } from '../../../../media/audio/synthesis/tone.js';
import { peakOf, powersOf, shareOf } from '../support.js';

const streams = new RandomStreams(2);

test.each([0, 0.25, 0.5, 1])('noise of slope %f falls by as much an octave', (slope) => {
  const noise = shape(streams.at('white').fillUniform(new Float32Array(480_000), -1, 1), slope);
  const bands = [125, 250, 500, 1000, 2000, 4000];
  // An octave is twice as wide as the one below it.
  const powers = powersOf(noise);
  const levels = bands.map((low) => 10 * Math.log10(shareOf(powers, low, 2 * low) / low));
  const first = levels[0] ?? NaN;
  const fall = (first - (levels[4] ?? NaN)) / 4;
  expect(Math.abs(fall - 6.02 * slope)).toBeLessThan(0.4);
  levels.forEach((level, i) => {
    // Towards half of the rate, the poles of a sampled filter are not where they would be.
    expect(Math.abs(first - 6.02 * slope * i - level)).toBeLessThan(i < 5 ? 1.5 : 2.5);
  });
});

test('a resonator lets through its own frequency, with the gain that was asked for', () => {
  const gainAt = (resonator: Resonator, frequency: number): number => {
    let most = 0;
    for (let n = 0; n < 8000; n++) {
      const value = resonator.next(Math.sin((2 * Math.PI * frequency * n) / 16_000));
      if (n > 4000) most = Math.max(most, Math.abs(value));
    }
    return most;
  };
  expect(gainAt(new Resonator().tune(1000, 100), 20)).toBeCloseTo(1, 2);
  expect(gainAt(new Resonator().tune(1000, 100), 1000)).toBeGreaterThan(8);
  for (const frequency of [300, 1000, 4000, 6000]) {
    expect(gainAt(new Resonator().tunePeak(frequency, 200), frequency)).toBeCloseTo(1, 1);
    expect(gainAt(new Resonator().tunePeak(frequency, 200), frequency + 800)).toBeLessThan(0.3);
  }
});

test.each(timbreKinds)('tones of %s have their pitch', (kind) => {
  for (let i = 0; i < 5; i++) {
    const random = streams.at(kind, i);
    const timbre = { ...drawTimbre(random, kind), ratio: 1, vibrato: 0, detune: 0 };
    const sound = new Float32Array(16_000);
    addTone(sound, { start: 0.1, length: 0.6, frequency: 440, level: 1 }, timbre, random);
    expect(peakOf(sound.subarray(0, 1599))).toBe(0);
    expect(peakOf(sound)).toBeGreaterThan(0.05);
    expect(peakOf(sound)).toBeLessThan(6);
    // Harmonics of 440 Hz, each with the 20 Hz beside it: 9 % of all frequencies.
    const harmonics = Array.from({ length: 17 }, (_, k) => 440 * (k + 1));
    const powers = powersOf(sound);
    const share = harmonics.reduce((sum, f) => sum + shareOf(powers, f - 20, f + 20), 0);
    expect(share).toBeGreaterThan(0.8);
  }
});

test('what is beyond the end of the signal is left out', () => {
  const random = streams.at('end');
  const sound = new Float32Array(100);
  const timbre = drawTimbre(random, 'saw');
  addTone(sound, { start: 1, length: 1, frequency: 220, level: 1 }, timbre, random);
  expect(peakOf(sound)).toBe(0);
});

test('A of the key of A is 440 Hz, and an octave is seven degrees', () => {
  const harmony = {
    tonic: 57,
    scale: [0, 2, 4, 5, 7, 9, 11],
    progression: [0, 4],
    voices: 3,
  } as const;
  expect(frequencyOf(harmony, 0)).toBeCloseTo(220, 9);
  expect(frequencyOf(harmony, 7)).toBeCloseTo(440, 9);
  expect(frequencyOf(harmony, -7)).toBeCloseTo(110, 9);
  expect(frequencyOf(harmony, 4)).toBeCloseTo(220 * 2 ** (7 / 12), 9);
  expect(rootOf(harmony, 3)).toBe(4);
  expect(chordOf(harmony, 0)).toEqual([0, 2, 4]);
  expect(chordOf(harmony, 1)).toEqual([4, 6, 8]);
});

test('all notes of a piece are in its key, and begin within it', () => {
  for (let i = 0; i < 30; i++) {
    const random = streams.at('score', i);
    const harmony = drawHarmony(random);
    const metre = { beat: 0.5, beats: 4, bars: 4 };
    const score = { harmony, metre };
    const allowed = new Set(harmony.scale.map((s) => (harmony.tonic + s) % 12));
    for (const draw of [drawChords, drawBass, drawMelody]) {
      const notes = draw(random, score);
      expect(notes.length).toBeGreaterThan(0);
      for (const { start, length, frequency } of notes) {
        const midi = 69 + 12 * Math.log2(frequency / 440);
        expect(Math.abs(midi - Math.round(midi))).toBeLessThan(1e-6);
        expect(allowed.has(Math.round(midi) % 12)).toBe(true);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThan(8);
        expect(length).toBeGreaterThan(0);
      }
    }
  }
});

test('music is mostly below 4 kHz, and reaches above it', () => {
  const shares = Array.from({ length: 8 }, (_, i) =>
    shareOf(powersOf(synthesizeMusic(streams.at('music', i), 4)), 4000, 8000),
  );
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  expect(mean).toBeLessThan(0.3);
  expect(mean).toBeGreaterThan(0.005);
});
