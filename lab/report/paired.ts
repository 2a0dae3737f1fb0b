import type { TestExamples } from '../../core/evaluation/test-examples.js';
import { holm, pairedTest } from '../stats/paired.js';
import { modes, type DeclaredMetrics } from './metrics.js';
import type { GroupModel, PairedModel } from './model.js';
import type { RunData } from './run-data.js';
import { seedsOf, type Seeds } from './seeds.js';

/** Runs of one seed, the second of the group that is compared with the first. */
interface Pair {
  readonly seed: number;
  readonly before: readonly Member[];
  readonly after: readonly Member[];
}

interface Member extends Seeds {
  /** Among the runs. */
  readonly index: number;
  readonly examples: TestExamples;
}

/**
 * Compares every group with the first, example by example: runs of the same seed saw the same test
 * examples with the same draws. With several seeds an example's difference is its mean over them;
 * of one seed, runs whose weights began alike are compared. Every metric is tested of which the better values are known.
 */
export function pairedTests(
  runs: readonly RunData[],
  groups: readonly GroupModel[],
  metrics: DeclaredMetrics,
): { paired: PairedModel[]; notes: string[] } {
  const [first, ...others] = groups;
  const notes: string[] = [];
  if (first === undefined || others.length === 0) return { paired: [], notes };
  const tests: Omit<PairedModel, 'adjustedP' | 'verdict'>[] = [];
  others.forEach((other, i) => {
    const pairs = pairsOf(membersOf(runs, first), membersOf(runs, other));
    if (pairs.length === 0) {
      notes.push(
        `${other.label} and ${first.label} have no test examples in common: that takes finished runs of the same seed on the same data.`,
      );
      return;
    }
    for (const [own, against] of [[first, other] as const, [other, first] as const]) {
      const paired = pairs.flatMap(({ before, after }) => [...before, ...after]);
      const left = own.counted
        .filter((i) => !paired.some(({ index }) => index === i))
        .flatMap((i) => runs[i]?.source.id ?? []);
      if (left.length === 0) continue;
      notes.push(
        `${own.label}: ${left.join(', ')} left out example by example, since ${against.label} has no finished run of the same seed and start on the same data.`,
      );
    }
    const names = pairs.flatMap(({ after }) =>
      after.flatMap(({ examples }) => [...examples.values.keys()]),
    );
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
          seeds: [...new Set(pairs.map(({ seed }) => seed))],
          difference: difference.mean,
          interval: difference.interval,
          effect,
          tP,
          wilcoxonP: wilcoxon.p,
          rankEffect: wilcoxon.effect,
        });
      }
    }
  });
  const adjusted = holm(tests.map(({ wilcoxonP }) => wilcoxonP));
  const paired = tests.map((test, i): PairedModel => {
    const adjustedP = adjusted[i] ?? 1;
    return { ...test, adjustedP, verdict: verdictOf(test, adjustedP) };
  });
  return { paired, notes };
}

/** The p is that of Wilcoxon's test: so is the direction. A few examples that fail by far turn the mean alone. */
function verdictOf(
  { metric, difference, rankEffect }: Pick<PairedModel, 'metric' | 'difference' | 'rankEffect'>,
  adjustedP: number,
): PairedModel['verdict'] {
  if (adjustedP >= 0.05) return 'no clear difference';
  if (Math.sign(difference) !== Math.sign(rankEffect)) return 'mixed';
  return rankEffect < 0 === (metric.better === 'lower') ? 'better' : 'worse';
}

/** The runs of a group that have values of their test examples. */
const membersOf = (runs: readonly RunData[], { counted }: GroupModel): Member[] =>
  counted.flatMap((i) => {
    const run = runs[i];
    const examples = run?.testExamples;
    return run === undefined || examples === undefined
      ? []
      : [{ ...seedsOf(run), index: i, examples }];
  });

/**
 * Two and two with the same initial weights; where a seed has none such on both sides, all of that
 * seed together.
 */
function pairsOf(befores: readonly Member[], afters: readonly Member[]): Pair[] {
  return [...new Set(befores.map(({ seed }) => seed))].flatMap((seed): Pair[] => {
    const [one, other] = [befores, afters].map((all) => all.filter((run) => run.seed === seed));
    const model = one?.find((a) => other?.some((b) => alike(a, b)));
    if (one === undefined || other === undefined || model === undefined) return [];
    const before = one.filter((a) => a === model || alike(model, a));
    const after = other.filter((b) => alike(model, b));
    const pairs = before.flatMap((a): Pair[] =>
      after.flatMap((b) => (a.start === b.start ? [{ seed, before: [a], after: [b] }] : [])),
    );
    return pairs.length > 0 ? pairs : [{ seed, before, after }];
  });
}

const alike = (a: Member, b: Member): boolean => sameExamples(a.examples, b.examples);

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
  const valuesOf = (members: readonly Member[]) =>
    members.map(({ examples }) => examples.values.get(metric) ?? new Float32Array());
  const values = pairs.map(({ before, after }) => [valuesOf(before), valuesOf(after)] as const);
  const count = Math.min(...values.flat(2).map(({ length }) => length));
  const mean = (lists: readonly Float32Array[], i: number): number =>
    lists.reduce((sum, list) => sum + (list[i] ?? NaN), 0) / lists.length;
  return Array.from({ length: count }, (_, i) => {
    const sum = values.reduce((s, [before, after]) => s + (mean(after, i) - mean(before, i)), 0);
    return sum / values.length;
  });
}
