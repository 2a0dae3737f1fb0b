import { expect, test } from 'vitest';
import { z } from 'zod';
import { schedule, toSchedule, updateNumber } from '../../../core/experiment/schedule.js';
import { jsonSchema, scaleUpdates } from '../../../core/experiment/units.js';

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
