import { z } from 'ncn';
import type { Scale } from 'ncn/lab';

const metrics = z.record(z.string(), z.number());

/** A run in a data file. */
export const runSchema = z.strictObject({
  preset: z.string(),
  seed: z.int(),
  /** `done`, or how far it is; only runs that are done carry results. */
  state: z.enum([
    ...(['done', 'queued', 'running', 'failed', 'cancelled'] as const),
    ...(['planned', 'submitted', 'lost', 'unknown'] as const),
  ]),
  /** Why it failed, or has no numbers. */
  reason: z.string().nullable(),
  conditions: z
    .strictObject({
      generatorWidth: z.number().nullable(),
      generatorWeights: z.int(),
      discriminatorWidth: z.number().nullable(),
      discriminatorWeights: z.int().nullable(),
      batch: z.int(),
      phases: z.array(z.strictObject({ name: z.string(), updates: z.int() })),
      engine: z.string(),
      dataset: z.string(),
      datasetHash: z.string(),
      trainImages: z.int(),
      testImages: z.int(),
    })
    .nullable(),
  /** Scale of the target in the evaluation: errors are compared relative to it. */
  targetScale: z.number().nullable(),
  /** On the test set, at the end; `batch/…` with batch statistics instead of moving averages. */
  test: metrics.nullable(),
  /** On the fixed images, before the first update. */
  start: metrics.nullable(),
  /** On the test set, after the first of two phases. */
  afterPretraining: metrics.nullable(),
});

/** `results.json` of a sweep: the raw numbers that its report is made from, and nothing else. */
export const resultsSchema = z.strictObject({
  format: z.literal(1),
  /** The command that makes them again. */
  command: z.string(),
  profile: z.string(),
  seeds: z.array(z.int()),
  runs: z.array(runSchema),
});

/** What a report is made from: the runs of one scale. */
export type Results = Scale<ResultRun>;
export type ResultRun = z.infer<typeof runSchema>;

/** Which statistics batch normalisation uses when a network is tested. */
export type Mode = 'moving' | 'batch';

/** A metric of a run that is done; undefined where there is none or it is not a number. */
export function metricOf(
  from: Readonly<Record<string, number>> | null,
  name: string,
  mode: Mode,
): number | undefined {
  const value = from?.[mode === 'moving' ? name : `batch/${name}`];
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}
