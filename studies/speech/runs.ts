import { join } from 'node:path';
import { z } from 'ncn';
import { finishedRunIfThere, type JobRecord, type Sample } from 'ncn/lab';

/** Name of an experiment's variant among the runs. */
export const variantName = (preset: string, variant: string): string => `${preset} ${variant}`;

/** A run of the family as its data file keeps it: what it reached on the test clips. */
export const speechRunSchema = z.strictObject({
  /** Name of the preset; behind it the variant, where the run has one. */
  preset: z.string(),
  seed: z.int(),
  /** `done`, or how far it is; only runs that are done carry results. */
  state: z.string(),
  /** Metrics of the test clips by name; empty where it is not done. */
  test: z.record(z.string(), z.number()),
  /** What it was trained and tested on. */
  dataset: z.string(),
  engine: z.string(),
  updates: z.int(),
  notice: z.string().nullable(),
});

export type SpeechRun = z.infer<typeof speechRunSchema>;

/** A run whose folder is at hand. */
export interface SpeechRunFolder {
  readonly run: SpeechRun;
  readonly directory: string;
}

const prefix = 'test/';

/**
 * The runs of a sweep.
 * @throws NcnError where a file of a run that is done is damaged
 */
export async function speechRuns(
  sweep: string,
  records: readonly JobRecord[],
): Promise<SpeechRunFolder[]> {
  return Promise.all(
    records.map(async ({ job, state }): Promise<SpeechRunFolder> => {
      const directory = join(sweep, job.name);
      const { preset: name, variant, seed } = job.request;
      const preset = variant === null ? name : variantName(name, variant);
      const found = state === 'done' ? await finishedRunIfThere(directory) : undefined;
      if (found === undefined) {
        const nothing = { test: {}, dataset: '', engine: '', updates: 0, notice: null };
        // Of a run that is done the folder is gone.
        const known = state === 'done' ? 'unknown' : state;
        return { directory, run: { preset, seed, state: known, ...nothing } };
      }
      const { manifest, results } = found;
      const test = Object.entries(results).flatMap(([name, value]) =>
        name.startsWith(prefix) && typeof value === 'number' && Number.isFinite(value)
          ? [[name.slice(prefix.length), value] as const]
          : [],
      );
      const { dataset, engine, phases } = manifest;
      const run = {
        ...{ preset, seed, state },
        test: Object.fromEntries(test),
        dataset: `${dataset.name} (SHA-256 ${dataset.hash.slice(0, 12)})`,
        engine: `${engine.name}, ${engine.device}`,
        updates: phases.reduce((sum, phase) => sum + phase.updates, 0),
        notice: dataset.notice,
      };
      return { directory, run };
    }),
  );
}

const valueOf = (run: SpeechRun | undefined, metric: string): number | undefined => {
  const value = run?.test[metric];
  return value === undefined || !Number.isFinite(value) ? undefined : value;
};

/** A metric of an experiment, for each seed. */
export function levels(runs: readonly SpeechRun[], metric: string, of: string): Sample {
  const values = runs.flatMap((run) => (run.preset === of ? (valueOf(run, metric) ?? []) : []));
  return { values, unit: 'level' };
}

/** Differences of a metric between two experiments, for each seed that both have. */
export const differences = (
  runs: readonly SpeechRun[],
  metric: string,
  of: string,
  to: string,
): Sample =>
  paired(runs, of, (run) => [
    valueOf(run, metric),
    valueOf(
      runs.find(({ preset, seed }) => preset === to && seed === run.seed),
      metric,
    ),
  ]);

/**
 * How far an experiment is ahead of another method, for each seed: differences of means over the same clips.
 * @param suffix of the method, as behind the names of its metrics
 */
export const leads = (
  runs: readonly SpeechRun[],
  metric: string,
  of: string,
  suffix: string,
): Sample => paired(runs, of, (run) => [valueOf(run, metric), valueOf(run, `${metric}${suffix}`)]);

function paired(
  runs: readonly SpeechRun[],
  of: string,
  pair: (run: SpeechRun) => readonly [number | undefined, number | undefined],
): Sample {
  const values = runs.flatMap((run) => {
    const [a, b] = run.preset === of ? pair(run) : [];
    return a === undefined || b === undefined ? [] : [a - b];
  });
  return { values, unit: 'difference' };
}
