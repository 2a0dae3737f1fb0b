import { boundsOf, meanInterval, type MeanInterval } from './interval.js';
import { oneSidedP } from './one-sided.js';
import { valuesNeeded } from './power.js';

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
  /**
   * Where it is undecided: how many values would decide it, if mean and spread stay as they are;
   * null for more than 10,000, for fewer than two values, and where it is decided.
   */
  readonly needed: number | null;
}

/** A sample over seeds, in the scale that it is tested in, and how to show it. */
export interface Sample {
  readonly values: readonly number[];
  readonly unit: 'ratio' | 'difference' | 'level';
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
  const needed = verdict === 'undecided' ? neededForBoth(low, high, from, to) : null;
  return { ...low, p: Math.max(low.p, high.p), verdict, needed };
}

/** Inside, both ends must be excluded; outside, that end which the mean lies beyond. */
function neededForBoth(low: Measurement, high: Measurement, from: number, to: number) {
  if (low.effect < from) return low.needed;
  if (high.effect > to) return high.needed;
  const open = [low, high].filter(({ verdict }) => verdict === 'undecided');
  const each = open.map(({ needed }) => needed ?? Infinity);
  const most = Math.max(...each);
  return open.length === 0 || most === Infinity ? null : most;
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
  return wins ? { ...measured, verdict: 'contradicted', needed: null } : measured;
}

function judge(
  { values, unit }: Sample,
  bound: number,
  alternative: 'less' | 'greater',
): Measurement {
  const interval = meanInterval(values);
  if (interval.n === 0) {
    const nothing = { n: 0, effect: NaN, low: NaN, high: NaN, p: NaN, needed: null };
    return { ...nothing, verdict: 'undecided' };
  }
  const tested = unit === 'ratio' ? Math.log(bound) : bound;
  const [low, high] = boundsOf(interval);
  const [isBelow, isAbove] = [high < tested, low > tested];
  const [yes, no] = alternative === 'less' ? [isBelow, isAbove] : [isAbove, isBelow];
  const { mean, deviation } = interval;
  const verdict = yes ? 'confirmed' : no ? 'contradicted' : 'undecided';
  return {
    ...shown(interval, unit),
    p: oneSidedP(interval, tested, alternative),
    verdict,
    needed:
      verdict === 'undecided' && deviation !== null
        ? valuesNeeded(Math.abs(mean - tested), deviation)
        : null,
  };
}

function shown(interval: MeanInterval, unit: Sample['unit']) {
  const { n, mean } = interval;
  const [low, high] = boundsOf(interval);
  const back = unit === 'ratio' ? Math.exp : (x: number): number => x;
  return { n, effect: back(mean), low: back(low), high: back(high) };
}
