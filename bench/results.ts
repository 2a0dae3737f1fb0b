import { z } from 'zod';
import { works } from './works.js';

const spread = z.object({
  median: z.number(),
  low: z.number(),
  high: z.number(),
  count: z.number(),
});

const measured = z.object({
  contestant: z.string(),
  /** Why there is nothing. */
  reason: z.string().optional(),
  about: z.string().optional(),
  update: spread.optional(),
  peakBytes: z.number().optional(),
  firstMs: z.number().optional(),
  compileMs: z.number().optional(),
});

const sitting = {
  /** Kind of processor and its vector instructions: figures of different kinds stand beside each other. */
  processor: z.string(),
  machine: z.string(),
  date: z.string(),
  command: z.string(),
};

const oneCase = z.object({
  work: z.string(),
  batch: z.string(),
  threads: z.number(),
  ...sitting,
  results: z.array(measured),
});

/** docs/performance.json: whatever was measured last of each case, for each kind of processor. */
export const reportSchema = z.object({
  cases: z.array(oneCase),
  threads: z.array(
    z.object({
      ...sitting,
      work: z.string(),
      batch: z.number(),
      threads: z.number(),
      update: spread,
    }),
  ),
  firstUpdate: z.array(
    z.object({ ...sitting, preset: z.string(), batch: z.number(), engine: z.string(), spread }),
  ),
});

export type Report = z.output<typeof reportSchema>;
export type Case = z.output<typeof oneCase>;
/** What was measured of one contestant in one case, or why nothing was. */
export type Measured = z.output<typeof measured>;

/** Those of `newer`, and of `older` what is not among them by its key, in an order. */
function merged<T>(older: readonly T[], newer: readonly T[], key: (one: T) => string): T[] {
  const all = new Map(older.map((one) => [key(one), one]));
  for (const one of newer) all.set(key(one), one);
  return [...all.values()];
}

/**
 * Puts a sitting into what is known. A case is replaced as a whole, so that all its contestants were
 * measured in one sitting.
 */
export function mergeReports(older: Report, newer: Report): Report {
  const order = Object.keys(works);
  const size = ({ batch }: Case): number =>
    batch.split('x').reduce((product, side) => product * Number(side), 1);
  const cases = merged(older.cases, newer.cases, (c) =>
    [c.processor, c.work, c.batch, c.threads].join(),
  ).sort(
    (a, b) =>
      order.indexOf(a.work) - order.indexOf(b.work) || size(a) - size(b) || a.threads - b.threads,
  );
  return {
    cases,
    threads: merged(older.threads, newer.threads, (t) =>
      [t.processor, t.work, t.batch, t.threads].join(),
    ),
    firstUpdate: merged(older.firstUpdate, newer.firstUpdate, (f) =>
      [f.processor, f.preset, f.batch].join(),
    ),
  };
}
