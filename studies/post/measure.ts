import { boundsOf, meanInterval, oneSidedP, type MeanInterval } from 'ncn/lab';
import { metricOf, type Mode, type ResultRun, type Results } from './data.js';

export type Verdict = 'confirmed' | 'contradicted' | 'undecided';

/** What was measured for a part of a claim. */
export interface Measurement {
  readonly n: number;
  /** A ratio, a difference or a level, by `unit`; NaN where nothing was measured. */
  readonly effect: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** One-sided p against the criterion not being met; NaN where there is none. */
  readonly p: number;
  readonly verdict: Verdict;
}

/** A sample over seeds, in the scale that it is tested in, and how to show it. */
export interface Sample {
  readonly values: readonly number[];
  readonly unit: 'ratio' | 'difference' | 'level';
}

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

/** Confirmed where the interval lies below the bound, contradicted where it lies above. */
export function below(sample: Sample, bound: number): Measurement {
  return judge(sample, bound, 'less');
}

/** Confirmed where the interval lies above the bound, contradicted where it lies below. */
export function above(sample: Sample, bound: number): Measurement {
  return judge(sample, bound, 'greater');
}

/** Confirmed where the interval lies inside (equivalence), contradicted where it lies outside. */
export function within(sample: Sample, from: number, to: number): Measurement {
  const [low, high] = [above(sample, from), below(sample, to)];
  const verdict =
    low.verdict === 'contradicted' || high.verdict === 'contradicted'
      ? 'contradicted'
      : low.verdict === 'confirmed' && high.verdict === 'confirmed'
        ? 'confirmed'
        : 'undecided';
  return { ...low, p: Math.max(low.p, high.p), verdict };
}

/**
 * That `sample` (a ratio) is no win: confirmed where the interval excludes a ratio below `margin`;
 * contradicted where the interval at the level of `comparisons` tests together (Bonferroni) lies
 * below 1.
 */
export function noWin(sample: Sample, margin: number, comparisons: number): Measurement {
  const measured = above(sample, margin);
  const strict = meanInterval(sample.values, 1 - 0.05 / comparisons);
  const wins = boundsOf(strict)[1] < 0;
  return wins ? { ...measured, verdict: 'contradicted' } : measured;
}

function judge(
  { values, unit }: Sample,
  bound: number,
  alternative: 'less' | 'greater',
): Measurement {
  const interval = meanInterval(values);
  if (interval.n === 0) {
    return { n: 0, effect: NaN, low: NaN, high: NaN, p: NaN, verdict: 'undecided' };
  }
  const tested = unit === 'ratio' ? Math.log(bound) : bound;
  const [low, high] = boundsOf(interval);
  const [isBelow, isAbove] = [high < tested, low > tested];
  const [yes, no] = alternative === 'less' ? [isBelow, isAbove] : [isAbove, isBelow];
  return {
    ...shown(interval, unit),
    p: oneSidedP(interval, tested, alternative),
    verdict: yes ? 'confirmed' : no ? 'contradicted' : 'undecided',
  };
}

function shown(interval: MeanInterval, unit: Sample['unit']) {
  const { n, mean } = interval;
  const [low, high] = boundsOf(interval);
  const back = unit === 'ratio' ? Math.exp : (x: number): number => x;
  return { n, effect: back(mean), low: back(low), high: back(high) };
}
