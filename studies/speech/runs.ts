import { join } from 'node:path';
import { readFinishedRun, type JobRecord, type Sample } from 'ncn/lab';

/** Name of an experiment's variant among the runs. */
export const variantName = (preset: string, variant: string): string => `${preset} ${variant}`;

/** A run of the family: what it reached on the test clips, where it is done. */
export interface SpeechRun {
  /** Name of the preset; behind it the variant, where the run has one. */
  readonly preset: string;
  readonly seed: number;
  readonly state: JobRecord['state'];
  readonly directory: string;
  /** Metrics of the test clips by name; empty where it is not done. */
  readonly test: Readonly<Record<string, number>>;
  /** What it was trained and tested on. */
  readonly dataset: string;
  readonly engine: string;
  readonly updates: number;
  readonly notice: string | null;
}

const prefix = 'test/';

/**
 * The runs of a sweep.
 * @throws NcnError where a file of a run that is done is damaged
 */
export async function speechRuns(
  sweep: string,
  records: readonly JobRecord[],
): Promise<SpeechRun[]> {
  return Promise.all(
    records.map(async ({ job, state }): Promise<SpeechRun> => {
      const directory = join(sweep, job.name);
      const { preset: name, variant, seed } = job.request;
      const preset = variant === null ? name : variantName(name, variant);
      const about = { preset, seed, state, directory };
      if (state !== 'done') {
        return { ...about, test: {}, dataset: '', engine: '', updates: 0, notice: null };
      }
      const { manifest, results } = await readFinishedRun(directory);
      const test = Object.entries(results).flatMap(([name, value]) =>
        name.startsWith(prefix) && typeof value === 'number'
          ? [[name.slice(prefix.length), value] as const]
          : [],
      );
      const { dataset, engine, phases } = manifest;
      return {
        ...about,
        test: Object.fromEntries(test),
        dataset: `${dataset.name} (SHA-256 ${dataset.hash.slice(0, 12)})`,
        engine: `${engine.name}, ${engine.device}`,
        updates: phases.reduce((sum, phase) => sum + phase.updates, 0),
        notice: dataset.notice,
      };
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
export function differences(
  runs: readonly SpeechRun[],
  metric: string,
  of: string,
  to: string,
): Sample {
  const values = runs.flatMap((run) => {
    if (run.preset !== of) return [];
    const other = runs.find(({ preset, seed }) => preset === to && seed === run.seed);
    const [a, b] = [valueOf(run, metric), valueOf(other, metric)];
    return a === undefined || b === undefined ? [] : [a - b];
  });
  return { values, unit: 'difference' };
}
