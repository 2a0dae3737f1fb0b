import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { cancelEcho, cancellerBlock } from '../../../media/audio/canceller.js';
import { LiveDenoiser, type Suppressor } from '../../../media/audio/denoise/live.js';
import { findDelay, echoFound, shifted } from '../../../media/audio/denoise/delay.js';
import { halfSpectrum, RealFft } from '../../../media/audio/fft.js';
import { erle, filteredSdr, siSdr, solveToeplitz } from '../../../media/audio/metrics/sdr.js';
import { intelligibility } from '../../../media/audio/metrics/stoi.js';
import { resample } from '../../../media/audio/resample.js';
import { noise, rate, sum, through, voice } from './signals.js';

const list = z.array(z.number());
const expected = z
  .object({
    stoi: list,
    estoi: list,
    filteredSdr: list,
    resampled: list,
    cancelled: list,
    cancelledPower: z.number(),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'reference.json'), 'utf8')));

const clean = voice(3 * rate);
const noisy = sum(clean, noise(1, clean.length), 0.2);
const halves = Array.from({ length: 40 }, (_, k) => 0.5 ** k);
const room = sum(through(clean, halves), noise(2, clean.length), 0.05);
const float = (signal: Float64Array): Float32Array => Float32Array.from(signal);

test('STOI and its extension are those of pystoi', () => {
  [noisy, room].forEach((estimate, i) => {
    const { stoi, estoi } = intelligibility(float(estimate), float(clean), rate);
    expect(stoi).toBeCloseTo(expected.stoi[i] ?? NaN, 4);
    expect(estoi).toBeCloseTo(expected.estoi[i] ?? NaN, 4);
  });
  expect(intelligibility(float(clean), float(clean), rate).stoi).toBeCloseTo(1, 6);
  expect(
    intelligibility(new Float32Array(800), float(clean).subarray(0, 800), rate).stoi,
  ).toBeNaN();
});

test('the SDR behind the best filter is that of scipy', () => {
  [noisy, room].forEach((estimate, i) => {
    expect(filteredSdr(estimate, clean)).toBeCloseTo(expected.filteredSdr[i] ?? NaN, 3);
  });
  expect(filteredSdr(noisy, new Float64Array(noisy.length))).toBeNaN();
});

test('a silent estimate has nothing of the target, a silent target gives no number', () => {
  const silence = new Float64Array(clean.length);
  for (const measure of [siSdr, filteredSdr]) {
    expect(measure(silence, clean)).toBe(-Infinity);
    expect(measure(clean, silence)).toBeNaN();
    expect(measure(silence, silence)).toBeNaN();
  }
});

test('the scale-invariant SDR of a closed form, at any scale', () => {
  const target = Float64Array.of(1, 0, 1, 0);
  const estimate = Float64Array.of(1, 0.1, 1, -0.1);
  const ratio = 10 * Math.log10(2 / 0.02);
  expect(siSdr(estimate, target)).toBeCloseTo(ratio, 9);
  expect(
    siSdr(
      estimate.map((value) => -7 * value),
      target,
    ),
  ).toBeCloseTo(ratio, 9);
  expect(siSdr(estimate, new Float64Array(4))).toBeNaN();
  expect(erle(Float64Array.of(1, 1), Float64Array.of(0.1, 0.1))).toBeCloseTo(20, 9);
});

test('Levinson solves what elimination solves', () => {
  const t = Float64Array.of(4, 1.5, -0.5, 0.25, 0.1);
  const x = Float64Array.of(1, -2, 0.5, 3, -1);
  const y = x.map((_, i) =>
    x.reduce((all, value, k) => all + value * (t[Math.abs(i - k)] ?? 0), 0),
  );
  solveToeplitz(t, y).forEach((value, i) => expect(value).toBeCloseTo(x[i] ?? NaN, 9));
});

test('resampling is that of Octave, as pystoi has it', () => {
  const found = resample(noisy.subarray(0, 4000), 16_000, 10_000);
  expect(found.length).toBe(2500);
  expected.resampled.forEach((value, i) => expect(found[100 * i]).toBeCloseTo(value, 6));
  expect([...resample(noisy.subarray(0, 8), 8000, 8000)]).toEqual([...noisy.subarray(0, 8)]);
});

test('transforms of two signals at once are those of one, and go back', () => {
  const fft = new RealFft(64);
  const signals = [noise(5, 64), noise(6, 64)] as const;
  const pair = [halfSpectrum(fft.bins), halfSpectrum(fft.bins)] as const;
  fft.forwardPair(signals, pair);
  const single = halfSpectrum(fft.bins);
  signals.forEach((signal, i) => {
    fft.forward(signal, single);
    const of = pair[i === 0 ? 0 : 1];
    of.re.forEach((value, k) => expect(value).toBeCloseTo(single.re[k] ?? NaN, 9));
    of.im.forEach((value, k) => expect(value).toBeCloseTo(single.im[k] ?? NaN, 9));
    // The definition, for one bin.
    const direct = signal.reduce((all, x, n) => all + x * Math.cos((2 * Math.PI * 5 * n) / 64), 0);
    expect(of.re[5]).toBeCloseTo(direct, 9);
  });
  const back = [new Float64Array(64), new Float64Array(64)] as const;
  fft.inversePair(pair, back);
  back.forEach((signal, i) =>
    signal.forEach((value, n) => expect(value).toBeCloseTo(signals[i === 0 ? 0 : 1][n] ?? NaN, 9)),
  );
});

const music = noise(3, 3 * rate - ((3 * rate) % cancellerBlock));
const echo = through(
  music,
  Array.from({ length: 300 }, (_, k) => 0.3 * (-0.8) ** k),
);
const microphone = float(sum(echo, clean));

test('the canceller is that of its equations in numpy, and leaves little echo', () => {
  const left = cancelEcho(microphone, float(music));
  expected.cancelled.forEach((value, i) => expect(left[1000 * i]).toBeCloseTo(value, 5));
  const power = left.reduce((all, value) => all + value * value, 0) / left.length;
  expect(power).toBeCloseTo(expected.cancelledPower, 6);
  const alone = cancelEcho(float(echo), float(music));
  expect(erle(float(echo).subarray(rate), alone.subarray(rate))).toBeGreaterThan(25);
});

/** A suppressor with a memory, that lags behind by a block. */
function echoOfABlock(): Suppressor {
  let before = new Float32Array(cancellerBlock);
  return {
    latency: cancellerBlock,
    push({ cancelled, reference }) {
      const output = before;
      before = cancelled.map((value, n) => value - 0.1 * (reference[n] ?? 0));
      return Promise.resolve(output);
    },
  };
}

test.each([
  ['the canceller alone', undefined],
  ['a network behind it', echoOfABlock],
])('%s gives the same however the stream is cut, in time with it', async (_, make) => {
  const length = microphone.length - 100;
  const [mic, played] = [microphone.subarray(0, length), float(music).subarray(0, length)];
  const cancelled = cancelEcho(mic, played);
  const whole =
    make === undefined ? cancelled : cancelled.map((value, n) => value - 0.1 * (played[n] ?? 0));
  for (const sizes of [[1], [7, 1000, 33], [256], [48_000], [0, 511]]) {
    const live = new LiveDenoiser(make?.());
    const end = sizes.length === 1 && sizes[0] === 1 ? 2000 : length;
    const streamed: number[] = [];
    for (let at = 0, i = 0; at < end; i++) {
      const next = Math.min(end, at + (sizes[i % sizes.length] ?? 1));
      const cut = (signal: Float32Array): Float32Array => signal.subarray(at, next);
      streamed.push(...(await live.push(cut(mic), cut(played))));
      at = next;
      expect(streamed.length).toBeGreaterThan(at - live.lag);
    }
    streamed.push(...(await live.flush()));
    expect(streamed.length).toBe(end);
    // Cut short, the last block ends in silence, from which the canceller learns otherwise.
    const common = end === length ? end : end - (end % cancellerBlock);
    expect(streamed.slice(0, common)).toEqual([...whole.subarray(0, common)]);
  }
});

test('a reference is found where it is, and one that is not there is not', () => {
  const [song, other] = [float(noise(8, 4 * rate)), float(noise(9, 4 * rate))];
  for (const samples of [0, 137, 7900, -400]) {
    const heard = shifted(song, samples, song.length).map(
      (value, n) => 0.3 * value + 0.5 * (clean[n % clean.length] ?? 0),
    );
    const found = findDelay(heard, song);
    expect(found.samples).toBe(samples);
    expect(echoFound(found)).toBe(true);
    expect(echoFound(findDelay(heard, other))).toBe(false);
  }
  expect(echoFound(findDelay(new Float32Array(rate), song))).toBe(false);
});
