import { normalP } from './student.js';

export interface SignedRank {
  /** Differences that are not zero; zeros are left out, as Wilcoxon did. */
  readonly n: number;
  /** Sums of the ranks of positive and of negative differences. */
  readonly positive: number;
  readonly negative: number;
  /** Two-sided; 1 where all differences are zero. */
  readonly p: number;
  /** Matched-pairs rank-biserial correlation (Kerby, 2014): from −1 to 1. */
  readonly effect: number;
}

/** Up to this many differences, the distribution is counted out. */
const exactLimit = 50;

/**
 * Wilcoxon's signed-rank test of paired differences: exact for up to 50 differences, given their ties (each sign
 * pattern is as likely as the others), else the normal approximation with the correction for ties, without one for
 * continuity.
 */
export function signedRank(differences: ArrayLike<number>): SignedRank {
  const kept = Array.from(differences).filter((d) => d !== 0 && !Number.isNaN(d));
  const n = kept.length;
  if (n === 0) return { n, positive: 0, negative: 0, p: 1, effect: 0 };
  kept.sort((a, b) => Math.abs(a) - Math.abs(b));
  const ranks: number[] = [];
  let positive = 0;
  let ties = 0;
  for (let from = 0; from < n;) {
    let to = from + 1;
    while (to < n && Math.abs(kept[to] ?? 0) === Math.abs(kept[from] ?? 0)) to++;
    const size = to - from;
    const rank = (from + 1 + to) / 2; // the mean of ranks from + 1 to `to`
    for (let i = from; i < to; i++) {
      ranks.push(rank);
      if ((kept[i] ?? 0) > 0) positive += rank;
    }
    ties += size ** 3 - size;
    from = to;
  }
  const total = (n * (n + 1)) / 2;
  const negative = total - positive;
  const effect = (positive - negative) / total;
  if (n <= exactLimit) {
    return { n, positive, negative, p: exactP(Math.min(positive, negative), ranks), effect };
  }
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - ties / 48;
  const p = normalP((positive - total / 2) / Math.sqrt(variance));
  return { n, positive, negative, p, effect };
}

/** Share of the 2ⁿ sign patterns whose smaller rank sum is at most `sum`. */
function exactP(sum: number, ranks: readonly number[]): number {
  // Ranks of ties may be halves.
  const ways = new Float64Array(2 * sum + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    for (let s = 2 * sum; s >= 2 * rank; s--) ways[s] = (ways[s] ?? 0) + (ways[s - 2 * rank] ?? 0);
  }
  const below = ways.reduce((all, count) => all + count, 0);
  return Math.min(1, (2 * below) / 2 ** ranks.length);
}
