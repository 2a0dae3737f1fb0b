import { describe, expect, test } from 'vitest';
import { RandomStreams, type RandomSequence } from '../../../../core/random/streams.js';
import { synthesizeMusic } from '../../../../media/audio/synthesis/music.js';
import { synthesizeNoise } from '../../../../media/audio/synthesis/noise.js';
import { synthesizeSpeech } from '../../../../media/audio/synthesis/speech.js';
import { peakOf } from '../support.js';

const makers: readonly [
  string,
  (random: RandomSequence, seconds: number, i: number) => Float32Array,
][] = [
  ['speech', synthesizeSpeech],
  ['music', synthesizeMusic],
  ['noise', synthesizeNoise],
];

describe.each(makers)('%s', (name, make) => {
  const made = (index: number, seconds = 2): Float32Array =>
    make(new RandomStreams(3).at(name, index), seconds, index);

  test('is the same for the same index, whatever was made before', () => {
    const first = made(5);
    made(6);
    expect(made(5)).toEqual(first);
  });

  test('differs from index to index', () => {
    const sounds = Array.from({ length: 12 }, (_, i) => made(i, 0.5).join());
    expect(new Set(sounds).size).toBe(12);
  });

  test('is as long as asked for, of finite numbers, and never too loud or silent', () => {
    for (let i = 0; i < 30; i++) {
      const sound = made(i, 1.5);
      expect(sound).toHaveLength(24_000);
      expect(sound.every((value) => Number.isFinite(value))).toBe(true);
      expect(peakOf(sound)).toBeLessThanOrEqual(0.91);
      expect(peakOf(sound)).toBeGreaterThan(0.2);
    }
  });

  test.each([0, 0.001, 0.1])('%s seconds are not too short', (seconds) => {
    expect(made(1, seconds)).toHaveLength(Math.round(seconds * 16_000));
  });
});
