import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  nonnegativeSchedule,
  schedule,
  toSchedule,
  updateNumber,
} from '../../../core/experiment/schedule.js';
import type { JsonValue } from '../../../core/run/json.js';
import { jsonSchema, scaleUpdates } from '../../../core/experiment/units.js';
import { golden } from '../../plugins/golden.js';

test('a step keeps its first value up to and including the update', () => {
  const ramp = toSchedule({ schedule: 'step', from: 1, to: 100, at: 200_000 });
  expect([ramp(1), ramp(200_000), ramp(200_001)]).toEqual([1, 1, 100]);
});

test('linear and cosine meet their ends and their middle', () => {
  const linear = toSchedule({ schedule: 'linear', from: 0, to: 10, start: 100, end: 200 });
  expect([linear(1), linear(100), linear(150), linear(200), linear(999)]).toEqual([
    0, 0, 5, 10, 10,
  ]);
  const cosine = toSchedule({ schedule: 'cosine', from: 1, to: 0, start: 0, end: 100 });
  expect(cosine(0)).toBe(1);
  expect(cosine(25)).toBeCloseTo((1 + Math.SQRT1_2) / 2, 12);
  expect(cosine(50)).toBeCloseTo(0.5, 12);
  expect(cosine(100)).toBeCloseTo(0, 12);
});

test('a number is a constant', () => {
  expect(toSchedule(0.1)(12345)).toBe(0.1);
});

test('every update number shrinks by the ratio, wherever it stands, and nothing else does', () => {
  const schema = z.strictObject({
    weight: schedule().default(1),
    updates: updateNumber().default(10),
    every: z.int().default(7),
    list: z.array(z.strictObject({ at: updateNumber(), value: z.number() })).default([]),
  });
  const options = {
    weight: { schedule: 'step', from: 1, to: 100, at: 200_000 },
    updates: 200_000,
    every: 1000,
    list: [{ at: 500, value: 500 }],
  };
  expect(scaleUpdates(jsonSchema(schema), options, 0.003)).toEqual({
    weight: { schedule: 'step', from: 1, to: 100, at: 600 },
    updates: 600,
    every: 1000,
    list: [{ at: 2, value: 500 }],
  });
});

test('warm-up and cosine meet in the peak', () => {
  const rate = toSchedule({
    schedule: 'warm-up-cosine',
    from: 0,
    peak: 1,
    to: 0.1,
    warmUp: 10,
    end: 110,
  });
  expect([rate(1), rate(5), rate(10)]).toEqual([0.1, 0.5, 1]);
  expect(rate(60)).toBeCloseTo(0.55, 12);
  expect(rate(35)).toBeCloseTo(0.1 + (0.9 * (1 + Math.SQRT1_2)) / 2, 12);
  expect([rate(110), rate(500)]).toEqual([0.1, 0.1]);
});

test('piecewise and exponential schedules, worked out by hand', () => {
  const pieces = [
    { after: 3, value: 2 },
    { after: 5, value: 0.5 },
  ];
  const steps = toSchedule({ schedule: 'piecewise', from: 1, pieces });
  expect([1, 3, 4, 5, 6, 99].map(steps)).toEqual([1, 1, 2, 2, 0.5, 0.5]);
  const decay = toSchedule({
    schedule: 'exponential',
    from: 8,
    factor: 0.5,
    every: 10,
    least: 1,
  });
  expect([1, 11, 21, 31, 41].map(decay)).toEqual([8, 4, 2, 1, 1]);
  expect(decay(6)).toBeCloseTo(8 * Math.SQRT1_2, 12);
});

test('one cycle is that of PyTorch', () => {
  const options = schedule().parse({ schedule: 'one-cycle', peak: 0.4, end: 20 });
  const rate = toSchedule(options);
  expect(golden.oneCycle).toHaveLength(20);
  golden.oneCycle.forEach((expected, i) => expect(rate(i + 1)).toBeCloseTo(expected, 12));
});

test('update numbers of every kind of schedule shrink with a profile', () => {
  const schema = jsonSchema(z.strictObject({ rate: schedule() }));
  const scaled = (rate: JsonValue) => scaleUpdates(schema, { rate }, 0.01);
  expect(scaled({ schedule: 'piecewise', from: 1, pieces: [{ after: 500, value: 300 }] })).toEqual({
    rate: { schedule: 'piecewise', from: 1, pieces: [{ after: 5, value: 300 }] },
  });
  expect(scaled({ schedule: 'one-cycle', peak: 700, end: 800 })).toEqual({
    rate: { schedule: 'one-cycle', peak: 700, end: 8 },
  });
  expect(scaled({ schedule: 'warm-up-cosine', peak: 1, warmUp: 100, end: 300 })).toEqual({
    rate: { schedule: 'warm-up-cosine', peak: 1, warmUp: 1, end: 3 },
  });
  expect(scaled({ schedule: 'exponential', from: 1, factor: 0.9, every: 200 })).toEqual({
    rate: { schedule: 'exponential', from: 1, factor: 0.9, every: 2 },
  });
});

test.each<[string, JsonValue]>([
  ['end must not come before start', { schedule: 'linear', from: 1, to: 0, start: 9, end: 8 }],
  ['end must not come before start', { schedule: 'cosine', from: 1, to: 0, start: 9, end: 8 }],
  ['end must not come before warmUp', { schedule: 'warm-up-cosine', peak: 1, warmUp: 9, end: 8 }],
  [
    'in the order of `after`',
    {
      ...{ schedule: 'piecewise', from: 1 },
      pieces: [
        { after: 9, value: 1 },
        { after: 8, value: 2 },
      ],
    },
  ],
])('updates out of order are refused: %s', (why, value) => {
  expect(JSON.stringify(schedule().safeParse(value).error?.issues)).toContain(why);
});

test('updates that a profile rounded to the same one are taken', () => {
  const pieces = [
    { after: 0, value: 2 },
    { after: 0, value: 3 },
  ];
  const option = schedule().parse({ schedule: 'piecewise', from: 1, pieces });
  expect(toSchedule(option)(1)).toBe(3);
  expect(schedule().safeParse({ schedule: 'linear', from: 1, to: 0, end: 0 }).success).toBe(true);
});

test.each<JsonValue>([
  -1,
  { schedule: 'step', from: 1, to: -3, at: 1 },
  { schedule: 'warm-up-cosine', peak: 1, to: -0.1, warmUp: 1, end: 2 },
  { schedule: 'piecewise', from: 1, pieces: [{ after: 1, value: -1 }] },
  { schedule: 'one-cycle', peak: -1, end: 2 },
  { schedule: 'exponential', from: -1, factor: 0.5, every: 2 },
])('a rate that becomes negative is refused: %j', (value) => {
  expect(schedule().safeParse(value).success).toBe(true);
  expect(nonnegativeSchedule().safeParse(value).success).toBe(false);
});
