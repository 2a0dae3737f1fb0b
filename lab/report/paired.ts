import type { TestExamples } from '../../core/evaluation/test-examples.js';
import { holm, pairedTest } from '../stats/paired.js';
import { modes, type DeclaredMetrics } from './metrics.js';
import type { GroupModel, PairedModel } from './model.js';
import type { RunData } from './run-data.js';

/** Two runs of one seed, the second of the group that is compared with the first. */
interface Pair {
  readonly seed: number;
  readonly before: TestExamples;
  readonly after: TestExamples;
}

/**
 * Compares every group with the first, example by example: runs of the same seed saw the same test
 * examples with the same draws. With several seeds an example's difference is its mean over them.
 * Every metric is tested of which the better values are known.
 */
export function pairedTests(
  runs: readonly RunData[],
  groups: readonly GroupModel[],
  metrics: DeclaredMetrics,
): { paired: PairedModel[]; notes: string[] } {
  const [first, ...others] = groups;
  const notes: string[] = [];
  if (first === undefined || others.length === 0) return { paired: [], notes };
  const tests: Omit<PairedModel, 'adjustedP'>[] = [];
  others.forEach((other, i) => {
    const pairs = pairsOf(runs, first, other);
    if (pairs.length === 0) {
      notes.push(
        `${other.label} and ${first.label} have no test examples in common: that takes finished runs of the same seed on the same data.`,
      );
      return;
    }
    const names = pairs.flatMap(({ after }) => [...after.values.keys()]);
    const tested = metrics.sorted(names).filter(({ better }) => better !== null);
    for (const [mode, prefix] of modes) {
      for (const metric of tested) {
        const all = differencesOf(pairs, prefix + metric.name);
        const differences = all.filter(Number.isFinite);
        if (differences.length < all.length) {
          const left = all.length - differences.length;
          notes.push(
            `${other.label}: ${left} of ${all.length} examples have no difference in ${metric.label} that is a number; the test leaves them out.`,
          );
        }
        if (differences.length === 0) continue;
        const { difference, effect, tP, wilcoxon } = pairedTest(differences);
        tests.push({
          group: i + 1,
          metric,
          mode,
          examples: differences.length,
          seeds: pairs.map(({ seed }) => seed),
          difference: difference.mean,
          interval: difference.interval,
          effect,
          tP,
          wilcoxonP: wilcoxon.p,
        });
      }
    }
  });
  const adjusted = holm(tests.map(({ wilcoxonP }) => wilcoxonP));
  return { paired: tests.map((t, i) => ({ ...t, adjustedP: adjusted[i] ?? 1 })), notes };
}

function pairsOf(runs: readonly RunData[], first: GroupModel, other: GroupModel): Pair[] {
  const bySeed = ({ runs: members }: GroupModel): Map<number, TestExamples> =>
    new Map(
      members.flatMap((i) => {
        const examples = runs[i]?.testExamples;
        return examples === undefined ? [] : [[examples.about.seed, examples] as const];
      }),
    );
  const befores = bySeed(first);
  return [...bySeed(other)].flatMap(([seed, after]) => {
    const before = befores.get(seed);
    if (before === undefined || !sameExamples(before, after)) return [];
    return [{ seed, before, after }];
  });
}

/** Whether the examples that both have are the same, in the same order. */
function sameExamples(a: TestExamples, b: TestExamples): boolean {
  if (a.about.dataset !== b.about.dataset) return false;
  if (a.indexes.size === 0 || a.indexes.size !== b.indexes.size) return false;
  for (const [sequence, one] of a.indexes) {
    const other = b.indexes.get(sequence);
    const common = Math.min(one.length, other?.length ?? 0);
    if (other === undefined || common === 0) return false;
    for (let i = 0; i < common; i++) if (one[i] !== other[i]) return false;
  }
  return true;
}

/** After minus before of each example, a mean over the pairs; none where one lacks the metric. */
function differencesOf(pairs: readonly Pair[], metric: string): number[] {
  const values = pairs.map(({ before, after }) => [
    before.values.get(metric),
    after.values.get(metric),
  ]);
  const count = Math.min(...values.flat().map((list) => list?.length ?? 0));
  return Array.from({ length: count }, (_, i) => {
    const sum = values.reduce((s, [a, b]) => s + ((b?.[i] ?? NaN) - (a?.[i] ?? NaN)), 0);
    return sum / values.length;
  });
}
