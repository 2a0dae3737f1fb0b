import { expect, test } from 'vitest';
import { RandomStreams } from '../../../../core/random/streams.js';
import { cancelEcho } from '../../../../media/audio/canceller.js';
import { convolve } from '../../../../media/audio/convolve.js';
import { findDelay, shifted } from '../../../../media/audio/denoise/delay.js';
import { denoise } from '../../../../media/audio/denoise/denoise.js';
import { findDrift, warped } from '../../../../media/audio/denoise/drift.js';
import { erle } from '../../../../media/audio/metrics/sdr.js';
import { resample } from '../../../../media/audio/resample.js';
import { drawRoom, roomResponse } from '../../../../media/audio/simulation/room.js';
import { synthesizeMusic } from '../../../../media/audio/synthesis/music.js';

import { long } from '../../../support/long.js';

const rate = 16_000;
const streams = new RandomStreams(5);
const music = synthesizeMusic(streams.at('music'), 12).map((value) => 0.5 * value);
const room = roomResponse(drawRoom(streams.at('room')), rate);

/** What a microphone hears of the music, 100 ms late, in a room, with a clock that drifts. */
function recorded(rates?: readonly [from: number, to: number]): Float32Array {
  const drifted = rates === undefined ? music : resample(music, ...rates);
  const late = shifted(Float32Array.from(drifted), 1600, music.length);
  const echo = convolve(Float64Array.from(late), room);
  const peak = echo.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const noise = streams.at('noise').fillUniform(new Float32Array(music.length), -1e-3, 1e-3);
  return Float32Array.from(echo, (value, n) => (0.5 * value) / peak + (noise[n] ?? 0));
}

/** Of the second half: the canceller has found the echo by then. */
const loss = (microphone: Float32Array, output: Float32Array): number =>
  erle(microphone.subarray(6 * rate), output.subarray(6 * rate));

test.each([
  [100, 10_000, 10_001],
  ...(long
    ? [
        [-500, 2_001, 2_000] as const,
        [50, 20_000, 20_001] as const,
        [-100, 10_001, 10_000] as const,
        [200, 5_000, 5_001] as const,
        [1000, 1_000, 1_001] as const,
      ]
    : []),
] as const)('a clock that drifts by %i ppm is found and corrected', async (ppm, from, to) => {
  const microphone = recorded([from, to]);
  const { report, output } = await denoise(microphone, music);
  expect(report.found).toBe(true);
  expect(Math.abs(report.driftPpm - ppm)).toBeLessThan(10);
  expect(Math.abs(report.drift - (ppm * 12) / 1000)).toBeLessThan(0.15);
  const move = findDelay(microphone, music).samples - 32;
  const uncorrected = cancelEcho(microphone, shifted(music, move, microphone.length));
  const [before, after] = [uncorrected, output].map((signal) => loss(microphone, signal));
  console.log(`${ppm} ppm: ERLE ${before?.toFixed(1)} dB, corrected ${after?.toFixed(1)} dB`);
  expect(after).toBeGreaterThan((before ?? NaN) + 5);
});

test.each([
  [300, 6, 10_000, 10_003],
  [-1000, 6, 1_001, 1_000],
])('%i ppm are found in %i s', (ppm, seconds, from, to) => {
  const microphone = recorded([from, to]).subarray(0, seconds * rate);
  const { slope = NaN } = findDrift(microphone, music) ?? {};
  expect(Math.abs(1e6 * slope - ppm)).toBeLessThan(20);
});

test('equal clocks are left alone, and so is what cannot be followed', async () => {
  const microphone = recorded();
  const { report } = await denoise(microphone, music);
  expect([report.found, report.drift, report.driftPpm]).toEqual([true, 0, 0]);
  const other = streams.at('other').fillUniform(new Float32Array(music.length), -0.5, 0.5);
  expect(findDrift(microphone, other)).toBeUndefined();
  expect(findDrift(microphone.subarray(0, 5 * rate), music)).toBeUndefined();
  // A gap in the reference is no drift: the delay jumps.
  const jump = Float32Array.from(music, (_, n) => music[n < 6 * rate ? n : n + 800] ?? 0);
  expect(findDrift(microphone, jump)).toBeUndefined();
});

test('between samples a tone is what it would have been', () => {
  const tone = (n: number): number => Math.sin(0.7 * n);
  const signal = Float32Array.from({ length: 4000 }, (_, n) => tone(n));
  const line = { start: 10.3, slope: 2e-4 };
  const out = warped(signal, line, 4000);
  for (let n = 100; n < 3900; n += 7) {
    expect(out[n]).toBeCloseTo(tone(n - line.start - line.slope * n), 3);
  }
  expect(out[0]).toBeCloseTo(0, 1);
});
