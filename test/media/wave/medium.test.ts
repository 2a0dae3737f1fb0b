import { expect, test } from 'vitest';
import { waveMedium } from '../../../media/wave/medium.js';

const plot = (values: ArrayLike<number>, range?: readonly [number, number]) => {
  const data = Float32Array.from(values);
  return waveMedium(range && { range }).draw({ shape: [data.length, 1], data });
};
/** Rows of a column that are of a shade. */
const rows = ({ width, data }: ReturnType<typeof plot>, x: number, shade = 0): number[] =>
  Array.from({ length: data.length / width }, (_, y) => y).filter(
    (y) => data[y * width + x] === shade,
  );
const last = 79;
const middle = Math.round(last / 2);

test('every wave is drawn at one scale, in one size', () => {
  const level = plot([0.5, 0.5]);
  expect([level.width, level.height, level.channels]).toEqual([240, 80, 1]);
  const row = Math.round(0.25 * last);
  for (let x = 0; x < 240; x++) expect(rows(level, x)).toEqual([row]);
  // A grey line at zero behind it, all else white.
  expect(rows(level, 17, 200)).toEqual([middle]);
  expect(rows(level, 17, 255)).toHaveLength(78);
  expect(rows(plot(new Float32Array(16_000).fill(0.5)), 239)).toEqual([row]);
  expect(rows(plot([2, 2], [0, 4]), 100)).toEqual([Math.round(last / 2)]);
  expect(rows(plot([2, 2], [1, 4]), 100, 200)).toEqual([]);
});

test('between few values the line is straight', () => {
  const rising = plot([-1, 1]);
  for (let x = 0; x < 240; x++) {
    const [top = -1, ...more] = rows(rising, x);
    // At its ends: from -1 + 2x/240 to -1 + 2(x + 1)/240.
    expect(top).toBe(Math.round((1 - (x + 1) / 240) * last));
    expect(top + more.length).toBe(Math.round((1 - x / 240) * last));
  }
});

test('of many values each column spans the lowest and the highest', () => {
  const wave = new Float32Array(24_000);
  wave[12_030] = 1;
  wave[18_070] = -0.5;
  const drawn = plot(wave);
  const down = Math.round(0.75 * last);
  expect(rows(drawn, 120)).toEqual(Array.from({ length: middle + 1 }, (_, i) => i));
  expect(rows(drawn, 180)).toEqual(Array.from({ length: down - middle + 1 }, (_, i) => middle + i));
  expect(rows(drawn, 121)).toEqual([middle]);
});

test('values outside the range are drawn at its edge, what is not finite in grey', () => {
  expect(rows(plot([7, 7]), 9)).toEqual([0]);
  expect(rows(plot([-7, -7]), 9)).toEqual([last]);
  const broken = plot([0, 0, 0, NaN, 0, 0, 0, 0, 0, -Infinity]);
  expect(rows(broken, 70, 150)).toHaveLength(80);
  expect(rows(broken, 239, 150)).toHaveLength(80);
  expect(rows(broken, 5)).toEqual([middle]);
});

test('it fits one channel of two values or more', () => {
  const { fits } = waveMedium();
  expect(
    [
      [2, 1],
      [16_000, 1],
    ].map(fits),
  ).toEqual([true, true]);
  expect([[1, 1], [16_000, 2], [16_000], [28, 28, 1], []].map(fits)).toEqual(Array(5).fill(false));
});

test('only with a rate it can be played; it has no range of brightness', () => {
  const medium = waveMedium({ sampleRate: 16_000 });
  expect(medium).toMatchObject({ plays: true, sampleRate: 16_000, mime: 'audio/wav' });
  expect(waveMedium()).not.toHaveProperty('plays');
  expect(medium).not.toHaveProperty('range');
});

test('what is written can be read, where length and rate are right', async () => {
  const medium = waveMedium({ sampleRate: 16_000 });
  const data = Float32Array.of(0.1, -2, 1e-9);
  const file = await medium.encode({ shape: [3, 1], data });
  expect(await medium.decode(file, 'a.wav', [3, 1])).toEqual(data);
  expect(await waveMedium().decode(file, 'a.wav', [3, 1])).toEqual(data);
  const code = 'NCN_WAVE_SIZE';
  await expect(medium.decode(file, 'a.wav', [4, 1])).rejects.toMatchObject({
    code,
    message: 'a.wav has 3 values; 4 were expected.',
  });
  const slow = waveMedium({ sampleRate: 8000 });
  await expect(slow.decode(file, 'a.wav', [3, 1])).rejects.toMatchObject({
    code,
    message: 'a.wav has 16000 values a second; 8000 were expected.',
  });
  expect(
    await waveMedium().decode(await waveMedium().encode({ shape: [3, 1], data }), '', [3, 1]),
  ).toEqual(data);
});
