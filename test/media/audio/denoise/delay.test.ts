import { expect, test } from 'vitest';
import { RandomStreams } from '../../../../core/random/streams.js';
import { convolve } from '../../../../media/audio/convolve.js';
import { echoFound, findDelay, shifted } from '../../../../media/audio/denoise/delay.js';
import { drawRoom, roomResponse } from '../../../../media/audio/simulation/room.js';
import { synthesizeMusic } from '../../../../media/audio/synthesis/music.js';

const rate = 16_000;

/** A piece, and what a microphone hears of it in a room. */
function piece(seed: number): { readonly music: Float32Array; readonly echo: Float32Array } {
  const streams = new RandomStreams(seed);
  const music = synthesizeMusic(streams.at('m'), 8);
  const response = roomResponse(drawRoom(streams.at('room')), rate);
  const echo = Float32Array.from(convolve(Float64Array.from(music), response));
  return { music, echo: echo.subarray(0, music.length) };
}
const one = piece(7);

test.each([500, 2000, 6000])('tonal music without noise is found %i samples late', (late) => {
  const { samples } = findDelay(one.echo, one.music);
  const found = findDelay(shifted(one.echo, late, one.music.length), one.music);
  // The direct sound needs its time, too.
  expect(Math.abs(found.samples - late - samples)).toBeLessThanOrEqual(1);
  expect(found.confidence).toBeGreaterThan(20);
});

test.each([1e-4, 2e-5, 3e4])('at %d times the level all is as it was', (gain) => {
  const late = shifted(one.echo, 3000, one.music.length);
  const scaled = findDelay(
    late.map((value) => value * gain),
    one.music.map((value) => value / gain),
  );
  const usual = findDelay(late, one.music);
  expect(scaled.samples).toBe(usual.samples);
  expect(scaled.confidence).toBeCloseTo(usual.confidence, 0);
});

test('another piece is not found', () => {
  expect(echoFound(findDelay(piece(8).echo, one.music))).toBe(false);
});
