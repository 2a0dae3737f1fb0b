import type { Sample } from 'ncn/lab';
import { metricOf, type Mode, type ResultRun, type Results } from './data.js';

/** Runs of a preset that are done, by seed. */
function runsOf({ runs }: Results, preset: string): Map<number, ResultRun> {
  return new Map(
    runs.filter((run) => run.preset === preset && run.test !== null).map((run) => [run.seed, run]),
  );
}

/** L1 error on the test set, relative to the scale of the target. */
export function errorOf(run: ResultRun, mode: Mode): number | undefined {
  const content = metricOf(run.test, 'content', mode);
  return content === undefined || run.targetScale === null ? undefined : content / run.targetScale;
}

/** ln of the ratio of the errors of two experiments, for each seed that both have. */
export function errorRatio(results: Results, of: string, to: string, mode: Mode): Sample {
  const others = runsOf(results, to);
  const values: number[] = [];
  for (const [seed, run] of runsOf(results, of)) {
    const other = others.get(seed);
    const [a, b] = [errorOf(run, mode), other === undefined ? undefined : errorOf(other, mode)];
    if (a !== undefined && b !== undefined) values.push(Math.log(a / b));
  }
  return { values, unit: 'ratio' };
}

/** Difference of a metric between two experiments, for each seed that both have. */
export function metricDifference(
  results: Results,
  name: string,
  of: string,
  to: string,
  mode: Mode,
): Sample {
  const others = runsOf(results, to);
  const values: number[] = [];
  for (const [seed, run] of runsOf(results, of)) {
    const a = metricOf(run.test, name, mode);
    const b = metricOf(others.get(seed)?.test ?? null, name, mode);
    if (a !== undefined && b !== undefined) values.push(a - b);
  }
  return { values, unit: 'difference' };
}

/** A metric of one experiment, for each seed. */
export function metricLevel(results: Results, name: string, of: string, mode: Mode): Sample {
  const values = [...runsOf(results, of).values()].flatMap(
    (run) => metricOf(run.test, name, mode) ?? [],
  );
  return { values, unit: 'level' };
}

/** ln of the error at the end over the error after pre-training. */
export function endOverPretraining(results: Results, of: string, mode: Mode): Sample {
  const values = [...runsOf(results, of).values()].flatMap((run) => {
    const before = metricOf(run.afterPretraining, 'content', mode);
    const after = metricOf(run.test, 'content', mode);
    return before === undefined || after === undefined ? [] : [Math.log(after / before)];
  });
  return { values, unit: 'ratio' };
}

/** The collapse rate before the first update: for each seed the mean over the experiments. */
export function collapseAtStart(results: Results, mode: Mode): Sample {
  const bySeed = new Map<number, number[]>();
  for (const run of results.runs) {
    const rate = metricOf(run.start, 'collapseRate', mode);
    if (rate !== undefined) bySeed.set(run.seed, [...(bySeed.get(run.seed) ?? []), rate]);
  }
  const values = [...bySeed.values()].map(
    (rates) => rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
  );
  return { values, unit: 'level' };
}
