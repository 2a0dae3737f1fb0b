import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeAudio } from '../../../media/sound/decode.js';
import { writeWav } from '../../../media/sound/wav.js';
import { errorOf } from '../image/data/fixtures.js';
import { fixture, realCorpus } from '../audio/support.js';

/** Amplitude of a frequency in a signal. */
function amplitudeOf(signal: Float32Array, frequency: number, rate: number): number {
  let [re, im] = [0, 0];
  signal.forEach((value, n) => {
    re += value * Math.cos((2 * Math.PI * frequency * n) / rate);
    im += value * Math.sin((2 * Math.PI * frequency * n) / rate);
  });
  return (2 * Math.hypot(re, im)) / signal.length;
}

test.each([
  ['tones.flac', 1e-4],
  ['tones.ogg', 0.01],
  ['tones.mp3', 0.02],
])('%s, written by libsndfile, is read', async (name, tolerance) => {
  const sound = await decodeAudio(await fixture(name), name);
  expect(sound.rate).toBe(22_050);
  expect(sound.notice).toBeUndefined();
  const [left = new Float32Array(), right = new Float32Array()] = sound.channels;
  expect(sound.channels).toHaveLength(2);
  expect([left.length, right.length]).toEqual([5512, 5512]);
  expect(Math.abs(amplitudeOf(left, 440, 22_050) - 0.5)).toBeLessThan(tolerance);
  expect(Math.abs(amplitudeOf(right, 1000, 22_050) - 0.25)).toBeLessThan(tolerance);
  expect(amplitudeOf(left, 1000, 22_050)).toBeLessThan(0.01);
});

test('WAV is told by its first bytes too', async () => {
  const sound = await decodeAudio(writeWav([[0.5]], 8000, { bits: 16 }), 'x');
  expect(sound).toMatchObject({ rate: 8000, channels: [Float32Array.of(0.5)] });
});

test('tags of ID3v2 before MP3 and FLAC are passed over', async () => {
  const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x01\x02', 'latin1'), Buffer.alloc(130)]);
  for (const name of ['tones.mp3', 'tones.flac']) {
    const sound = await decodeAudio(Buffer.concat([tag, await fixture(name)]), name);
    expect(sound.channels[0]).toHaveLength(5512);
  }
});

test('FLAC that is cut short gives what is there, with a notice', async () => {
  const whole = await fixture('tones.flac');
  const sound = await decodeAudio(whole.subarray(0, 5000), 'cut.flac');
  expect(sound.channels[0]?.length).toBeGreaterThan(1000);
  expect(sound.notice).toMatch(/^cut\.flac is damaged or cut short: \d+ of 5512 samples/);
});

const huge = await fixture('tones.flac');
// STREAMINFO: 2^36 − 1 samples.
huge.fill(0xff, 22, 26).writeUInt8((huge[21] ?? 0) | 15, 21);

test.each([
  ['Ogg Opus', await fixture('opus.ogg'), 'NCN_SOUND_FORMAT', /Ogg Opus/],
  ['AIFF', Buffer.from('FORM\0\0\0\0AIFF'), 'NCN_SOUND_FORMAT', /AIFF/],
  ['an MP4', Buffer.from('\0\0\0\x20ftypM4A '), 'NCN_SOUND_FORMAT', /MP4/],
  ['text', Buffer.from('no sound'), 'NCN_SOUND_FORMAT', /begins with 6e 6f 20 73 6f/],
  ['nothing', Buffer.alloc(0), 'NCN_SOUND_FORMAT', /empty/],
  ['the beginning of FLAC', huge.subarray(0, 20), 'NCN_SOUND_CORRUPT', /nothing in it/],
  ['FLAC of 2^36 samples', huge, 'NCN_SOUND_TOO_LONG', /137438953470 samples/],
  [
    'one frame header of MP3',
    Buffer.of(0xff, 0xfb, 0x90, 0x44),
    'NCN_SOUND_CORRUPT',
    /nothing in it/,
  ],
])('%s is refused', async (_, bytes, code, message) => {
  const problem = await errorOf(decodeAudio(bytes, 'bad'));
  expect(problem.code).toBe(code);
  expect(problem.message).toMatch(message);
});

const corpus = realCorpus();

test.skipIf(corpus === undefined)(
  'a file of the corpus is as long as files.json says',
  async () => {
    const path = join(corpus ?? '', 'speech/5750-100289-0000.flac');
    const { rate, channels, notice } = await decodeAudio(await readFile(path), path);
    expect(rate).toBe(16_000);
    expect(notice).toBeUndefined();
    expect(channels.map(({ length }) => length)).toEqual([251_520]);
  },
);
