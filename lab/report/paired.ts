import type { TestImages } from '../../media/image/test-images.js';
import { holm, pairedTest } from '../stats/paired.js';
import { betterOf, metricLabel } from './labels.js';
import type { GroupModel, PairedModel } from './model.js';
import type { RunData } from './run-data.js';

const metrics = ['content', 'psnr', 'ssim'] as const;
const modes = [
  ['moving', ''],
  ['batch', 'batch/'],
] as const;

/** Two runs of one seed, the second of the group that is compared with the first. */
interface Pair {
  readonly seed: number;
  readonly before: TestImages;
  readonly after: TestImages;
}

/**
 * Compares every group with the first, image by image: runs of the same seed saw the same targets
 * with the same references and the same noise. With several seeds an image's difference is its
 * mean over them.
 */
export function pairedTests(
  runs: readonly RunData[],
  groups: readonly GroupModel[],
): { paired: PairedModel[]; notes: string[] } {
  const [first, ...others] = groups;
  const notes: string[] = [];
  if (first === undefined || others.length === 0) return { paired: [], notes };
  const tests: Omit<PairedModel, 'adjustedP'>[] = [];
  others.forEach((other, i) => {
    const pairs = pairsOf(runs, first, other);
    if (pairs.length === 0) {
      notes.push(
        `${other.label} and ${first.label} have no test images in common: that takes finished runs of the same seed on the same data.`,
      );
      return;
    }
    for (const [mode, prefix] of modes) {
      for (const metric of metrics) {
        const differences = differencesOf(pairs, prefix + metric);
        if (differences === undefined) continue;
        const { difference, effect, tP, wilcoxon } = pairedTest(differences);
        tests.push({
          group: i + 1,
          metric,
          label: metricLabel(metric),
          mode,
          better: betterOf(metric),
          images: differences.length,
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
  const bySeed = ({ runs: members }: GroupModel): Map<number, TestImages> =>
    new Map(
      members.flatMap((i) => {
        const images = runs[i]?.testImages;
        return images === undefined ? [] : [[images.about.seed, images] as const];
      }),
    );
  const befores = bySeed(first);
  return [...bySeed(other)].flatMap(([seed, after]) => {
    const before = befores.get(seed);
    if (before === undefined || !sameImages(before, after)) return [];
    return [{ seed, before, after }];
  });
}

/** Whether the images that both have are the same, in the same order. */
function sameImages(a: TestImages, b: TestImages): boolean {
  const common = Math.min(a.targets.length, b.targets.length);
  if (a.about.dataset !== b.about.dataset || common === 0) return false;
  for (let i = 0; i < common; i++) {
    if (a.targets[i] !== b.targets[i] || a.references[i] !== b.references[i]) return false;
  }
  return true;
}

/** After minus before of each image, a mean over the pairs; undefined where one lacks the metric. */
function differencesOf(pairs: readonly Pair[], metric: string): number[] | undefined {
  const values = pairs.map(({ before, after }) => [
    before.values.get(metric),
    after.values.get(metric),
  ]);
  const count = Math.min(...values.flat().map((list) => list?.length ?? 0));
  if (count === 0) return undefined;
  const differences = Array.from({ length: count }, (_, i) => {
    const sum = values.reduce((s, [a, b]) => s + ((b?.[i] ?? NaN) - (a?.[i] ?? NaN)), 0);
    return sum / values.length;
  });
  return differences.some(Number.isNaN) ? undefined : differences;
}
