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

// A profile may round update numbers that follow each other to the same one.
const follows = (first: string, second: string) => ({
  path: [second],
  error: `${second} must not come before ${first}`,
});

const linear = z
  .strictObject({
    schedule: z.literal('linear'),
    from: z.number().describe('value up to and including update `start`'),
    to: z.number().describe('value from update `end` on'),
    start: updateNumber().default(0),
    end: updateNumber(),
  })
  .refine(({ start, end }) => start <= end, follows('start', 'end'));

const cosine = z
  .strictObject({
    schedule: z.literal('cosine'),
    from: z.number().describe('value up to and including update `start`'),
    to: z.number().describe('value from update `end` on'),
    start: updateNumber().default(0),
    end: updateNumber(),
  })
  .refine(({ start, end }) => start <= end, follows('start', 'end'));

const warmUpCosine = z
  .strictObject({
    schedule: z.literal('warm-up-cosine'),
    from: z.number().default(0).describe('value before update 1'),
    peak: z.number().describe('value at update `warmUp`, to which it rises in a line'),
    to: z.number().default(0).describe('value from update `end` on'),
    warmUp: updateNumber(),
    end: updateNumber(),
  })
  .refine(({ warmUp, end }) => warmUp <= end, follows('warmUp', 'end'));

const piecewise = z.strictObject({
  schedule: z.literal('piecewise'),
  from: z.number().describe('value at the start'),
  pieces: z
    .array(z.strictObject({ after: updateNumber(), value: z.number() }))
    .refine(
      (pieces) => pieces.every(({ after }, i) => after >= (pieces[i - 1]?.after ?? 0)),
      'the pieces must be in the order of `after`',
    )
    .describe('from the update that follows `after` on, the value; in order'),
});

const oneCycle = z.strictObject({
  schedule: z.literal('one-cycle'),
  peak: z.number().describe('greatest value'),
  end: updateNumber().describe('last update of the cycle'),
  rise: z.number().gt(0).lt(1).default(0.3).describe('share of the updates in which it rises'),
  startRatio: z.number().positive().default(25).describe('peak ÷ value at the first update'),
  endRatio: z.number().positive().default(1e4).describe('first value ÷ last value'),
});

const exponential = z.strictObject({
  schedule: z.literal('exponential'),
  from: z.number().describe('value at update 1'),
  factor: z.number().positive().describe('by which it is multiplied every `every` updates'),
  every: updateNumber(),
  least: z.number().default(0).describe('it does not fall below'),
});

const scheduled = z.discriminatedUnion('schedule', [
  step,
  linear,
  cosine,
  warmUpCosine,
  piecewise,
  oneCycle,
  exponential,
]);

type Scheduled = z.infer<typeof scheduled>;

export type ScheduleOption = number | Scheduled;

/**
 * Schema of an option that may change with the update number (1, 2, … within a phase): a number,
 * or `{ schedule: 'step' | 'linear' | 'cosine' | 'warm-up-cosine' | 'piecewise' | 'one-cycle' |
 * 'exponential', … }`.
 */
export function schedule(): z.ZodUnion<[z.ZodNumber, typeof scheduled]> {
  return z.union([z.number(), scheduled]);
}

/** The same of what is never negative, as a learning rate. */
export function nonnegativeSchedule(): ReturnType<typeof schedule> {
  return schedule().refine((option) => leastOf(option) >= 0, 'it must not be negative');
}

/** The least value that a schedule names. */
function leastOf(option: ScheduleOption): number {
  if (typeof option === 'number') return option;
  switch (option.schedule) {
    case 'warm-up-cosine':
      return Math.min(option.from, option.peak, option.to);
    case 'piecewise':
      return Math.min(option.from, ...option.pieces.map(({ value }) => value));
    case 'one-cycle':
      return option.peak;
    case 'exponential':
      return option.from;
    default:
      return Math.min(option.from, option.to);
  }
}

/** How far an update is from `start` (0) to `end` (1). */
const progress = (update: number, start: number, end: number): number =>
  end <= start
    ? Number(update > start)
    : Math.min(1, Math.max(0, (update - start) / (end - start)));

const inLine = (from: number, to: number, at: number): number => from + (to - from) * at;

/** Half a wave: Loshchilov and Hutter (2017), equation 5, without restarts. */
const inCosine = (from: number, to: number, at: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * at))) / 2;

/**
 * The function that an option describes. `one-cycle` is the policy of Smith and Topin (2018) with
 * cosines, as PyTorch's OneCycleLR has it.
 */
export function toSchedule(option: ScheduleOption): Schedule {
  if (typeof option === 'number') return () => option;
  return (update) => valueAt(option, update);
}

function valueAt(o: Scheduled, update: number): number {
  switch (o.schedule) {
    case 'step':
      return update <= o.at ? o.from : o.to;
    case 'linear':
      return inLine(o.from, o.to, progress(update, o.start, o.end));
    case 'cosine':
      return inCosine(o.from, o.to, progress(update, o.start, o.end));
    case 'warm-up-cosine':
      return update < o.warmUp
        ? inLine(o.from, o.peak, update / o.warmUp)
        : inCosine(o.peak, o.to, progress(update, o.warmUp, o.end));
    case 'piecewise':
      return o.pieces.findLast(({ after }) => update > after)?.value ?? o.from;
    case 'one-cycle': {
      const from = o.peak / o.startRatio;
      const top = o.rise * o.end;
      return update < top
        ? inCosine(from, o.peak, progress(update, 1, top))
        : inCosine(o.peak, from / o.endRatio, progress(update, top, o.end));
    }
    case 'exponential':
      return Math.max(o.least, o.from * o.factor ** ((update - 1) / Math.max(1, o.every)));
  }
}

/** In words: for tables. */
export function describeSchedule(option: ScheduleOption): string {
  if (typeof option === 'number') return String(option);
  switch (option.schedule) {
    case 'step':
      return `${option.from} until update ${option.at}, then ${option.to}`;
    case 'linear':
    case 'cosine':
      return `${option.from} → ${option.to} (${option.schedule}, updates ${option.start} to ${option.end})`;
    case 'warm-up-cosine':
      return `${option.from} → ${option.peak} until update ${option.warmUp} → ${option.to} (cosine, until ${option.end})`;
    case 'piecewise':
      return [
        String(option.from),
        ...option.pieces.map(({ after, value }) => `${value} after update ${after}`),
      ].join(', ');
    case 'one-cycle':
      return `one cycle to ${option.peak}, until update ${option.end}`;
    case 'exponential':
      return `${option.from} · ${option.factor} every ${option.every} updates`;
  }
}
