import { meanInterval, type MeanInterval } from './interval.js';
import { studentP } from './student.js';
import { signedRank, type SignedRank } from './wilcoxon.js';

export interface PairedTest {
  /** Mean of the differences with its 95 % interval. */
  readonly difference: MeanInterval;
  /** Two-sided p-value of the paired t-test; null for fewer than two pairs. */
  readonly tP: number | null;
  /** Mean over standard deviation of the differences (Cohen's d_z); null without deviation. */
  readonly effect: number | null;
  readonly wilcoxon: SignedRank;
}

/** Compares paired values by their differences: Student's paired t-test and Wilcoxon's. */
export function pairedTest(differences: ArrayLike<number>): PairedTest {
  const difference = meanInterval(differences);
  const { n, mean, deviation } = difference;
  const wilcoxon = signedRank(differences);
  if (deviation === null) return { difference, tP: null, effect: null, wilcoxon };
  // Without deviation t is infinite, or there is no difference at all.
  if (deviation === 0) return { difference, tP: mean === 0 ? 1 : 0, effect: null, wilcoxon };
  const tP = studentP(mean / (deviation / Math.sqrt(n)), n - 1);
  return { difference, tP, effect: mean / deviation, wilcoxon };
}

/** Holm's (1979) adjustment of p-values for testing several hypotheses at once; order is kept. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(ps.length).fill(1);
  let highest = 0;
  order.forEach(({ p, i }, rank) => {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * p));
    adjusted[i] = highest;
  });
  return adjusted;
}
