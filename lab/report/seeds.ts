import type { RunData } from './run-data.js';

/** What a run's numbers were drawn from. */
export interface Seeds {
  readonly seed: number;
  /** Of the initial weights; the same where nobody said otherwise. */
  readonly start: number;
}

export function seedsOf({ manifest: { seed }, config }: RunData): Seeds {
  const start = config?.values.find(({ path }) => path === 'startSeed')?.value;
  return { seed, start: typeof start === 'number' ? start : seed };
}

/** For people: `1`, or `1 (start 2)`. */
export const seedName = ({ seed, start }: Seeds): string =>
  seed === start ? String(seed) : `${seed} (start ${start})`;

/**
 * Of runs of one experiment, one of each seed: a second says nothing of the spread over seeds. The
 * first that finished, or else the first.
 * @param members indexes into the runs
 */
export function oneOfEachSeed(
  runs: readonly RunData[],
  members: readonly number[],
): { counted: number[]; problems: string[] } {
  const bySeed = new Map<string, { index: number; run: RunData }[]>();
  for (const index of members) {
    const run = runs[index];
    if (run === undefined) continue;
    const name = seedName(seedsOf(run));
    bySeed.set(name, [...(bySeed.get(name) ?? []), { index, run }]);
  }
  const counted: number[] = [];
  const problems: string[] = [];
  for (const [name, all] of bySeed) {
    const finished = all.find(({ run }) => run.status?.state === 'finished');
    const chosen = finished ?? all[0];
    if (chosen === undefined) continue;
    counted.push(chosen.index);
    const left = all.filter((one) => one !== chosen).map(({ run }) => run.source.id);
    if (left.length === 0) continue;
    const [are, they] = left.length === 1 ? ['is', 'it counts'] : ['are', 'they count'];
    problems.push(
      `${left.join(', ')} ${are} of the same experiment and seed ${name} as ${chosen.run.source.id}: ${they} for nothing here.`,
    );
  }
  return { counted: counted.sort((a, b) => a - b), problems };
}
