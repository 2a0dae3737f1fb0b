import { expect, test } from 'vitest';
import { RandomStreams } from '../../../core/random/streams.js';
import { readFlac } from '../../../media/sound/compressed.js';
import { decodeAudio } from '../../../media/sound/decode.js';
import { writeFlac } from '../../../media/sound/flac.js';
import { fixture } from '../audio/support.js';

const random = new RandomStreams(1).at('flac');
const signals: readonly (readonly [name: string, Float32Array])[] = [
  ['silence', new Float32Array(5000)],
  ['one sample', Float32Array.of(-0.25)],
  ['a constant', new Float32Array(4096).fill(-1)],
  ['noise of full scale', random.fillUniform(new Float32Array(10_000), -1, 1)],
  ['a tone', Float32Array.from({ length: 4097 }, (_, n) => 0.9 * Math.sin(n / 7))],
  ['jumps', Float32Array.from({ length: 4099 }, (_, n) => (n % 97 === 0 ? 32_767 / 32_768 : -1))],
  ['little', Float32Array.from({ length: 8192 }, (_, n) => Math.sign(Math.sin(n)) / 32_768)],
  // 131 frames: their numbers take two bytes from the 129th on.
  ['a long one', random.fillUniform(new Float32Array(131 * 4096 + 3), -0.01, 0.01)],
];

const rounded = (signal: Float32Array, full = 32_768): Int32Array =>
  Int32Array.from(signal, (v) => Math.max(-32_768, Math.min(32_767, Math.round(v * full))));

test.each(signals)('%s comes back from an independent decoder as it was', async (_, signal) => {
  const bytes = writeFlac(signal, 16_000);
  const { rate, channels, notice } = await readFlac(bytes, 'memory');
  expect([rate, channels.length, notice]).toEqual([16_000, 1, undefined]);
  // The decoder divides by the largest positive number.
  expect(rounded(channels[0] ?? new Float32Array(), 32_767)).toEqual(rounded(signal));
});

test.each([65_535, 65_540, 88_200, 96_000, 176_400, 192_000, 250_000])(
  'at %i Hz it can be read',
  async (rate) => {
    const tone = Float32Array.from({ length: 5000 }, (_, n) => 0.5 * Math.sin(n / 20));
    const { channels, ...sound } = await readFlac(writeFlac(tone, rate), 'memory');
    expect(sound.rate).toBe(rate);
    expect(channels[0]).toHaveLength(tone.length);
  },
);

test('a tone takes less than half of its 16 bits; what cannot be held is refused', async () => {
  const { channels, rate } = await decodeAudio(await fixture('tones.flac'), 'tones.flac');
  const tones = channels[0] ?? new Float32Array();
  expect(writeFlac(tones, rate).length).toBeLessThan(tones.length);
  expect(() => writeFlac([], 16_000)).toThrow(/as a FLAC file: 0 samples/);
  expect(() => writeFlac([0], 0.5)).toThrow(/0.5 Hz/);
});

test('a short sound has frames enough for browsers to find a place in it', () => {
  for (const [length, block] of [
    [1600, 64],
    [16_000, 512],
    [160_000, 4096],
  ] as const) {
    const flac = writeFlac(new Float32Array(length).fill(0.1), 16_000);
    // The smallest and the largest block of the stream.
    expect([flac.readUInt16BE(8), flac.readUInt16BE(10)]).toEqual([block, block]);
    expect(length / block).toBeGreaterThan(10);
  }
});
