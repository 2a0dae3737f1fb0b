import { z } from 'zod';
import type { Schedule } from '../step/types.js';

/** A number of updates: a profile that makes an experiment smaller shrinks it by the same ratio. */
export function updateNumber(): z.ZodInt {
  return z.int().nonnegative().meta({ unit: 'updates' });
}

const step = z.strictObject({
  schedule: z.literal('step'),
  from: z.number().describe('value up to and including update `at`'),
  to: z.number().describe('value after it'),
  at: updateNumber().describe('last update with the value `from`'),
});

const linear = z.strictObject({
  schedule: z.literal('linear'),
  from: z.number().describe('value up to and including update `start`'),
  to: z.number().describe('value from update `end` on'),
  start: updateNumber().default(0),
  end: updateNumber(),
});

const cosine = z.strictObject({
  schedule: z.literal('cosine'),
  from: z.number().describe('value up to and including update `start`'),
  to: z.number().describe('value from update `end` on'),
  start: updateNumber().default(0),
  end: updateNumber(),
});

const scheduled = z.discriminatedUnion('schedule', [step, linear, cosine]);

export type ScheduleOption = number | z.infer<typeof scheduled>;

/**
 * Schema of an option that may change with the update number (1, 2, … within a phase): a number,
 * or `{ schedule: 'step' | 'linear' | 'cosine', … }`.
 */
export function schedule(): z.ZodUnion<[z.ZodNumber, typeof scheduled]> {
  return z.union([z.number(), scheduled]);
}

/**
 * The function that an option describes. A cosine schedule is that of Loshchilov and Hutter (2017,
 * equation 5) without restarts.
 */
export function toSchedule(option: ScheduleOption): Schedule {
  if (typeof option === 'number') return () => option;
  const { from, to } = option;
  if (option.schedule === 'step') return (update) => (update <= option.at ? from : to);
  const { start, end } = option;
  const progress = (update: number): number =>
    end <= start
      ? Number(update > start)
      : Math.min(1, Math.max(0, (update - start) / (end - start)));
  if (option.schedule === 'linear') return (update) => from + (to - from) * progress(update);
  return (update) => to + ((from - to) * (1 + Math.cos(Math.PI * progress(update)))) / 2;
}

/** Whether it never changes: for tables. */
export function describeSchedule(option: ScheduleOption): string {
  if (typeof option === 'number') return String(option);
  const { from, to } = option;
  if (option.schedule === 'step') return `${from} until update ${option.at}, then ${to}`;
  return `${from} → ${to} (${option.schedule}, updates ${option.start} to ${option.end})`;
}
