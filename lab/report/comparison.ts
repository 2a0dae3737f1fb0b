import { meanInterval } from '../stats/interval.js';
import { spreadOf } from '../stats/spread.js';
import { chartsOfRuns } from './charts.js';
import { groupRuns } from './groups.js';
import { bestOf, DeclaredMetrics, modes } from './metrics.js';
import type {
  ComparedRunModel,
  ComparisonModel,
  GroupModel,
  MetricModel,
  MetricTableRow,
  SeedsModel,
} from './model.js';
import { pairedTests } from './paired.js';
import type { RunData } from './run-data.js';
import { samplesOf, type Addressing } from './samples.js';
import { finalsOf, leftOutProblem, logProblem } from './finals.js';
import { seedName, seedsOf } from './seeds.js';
import { statusOf } from './status.js';

/** Pictures of outputs that a page of several runs holds of each. */
const framesPerRun = 16;

/**
 * Everything that the page of several runs shows.
 * @param addressing how it comes to pictures and sounds @param href addresses of the runs' own pages
 * @throws NcnError where a run cannot be read
 */
export async function comparisonModel(
  runs: readonly RunData[],
  addressing: Addressing,
  now: number,
  href?: (id: string) => string,
): Promise<ComparisonModel> {
  const { groups, differences, problems } = groupRuns(runs);
  const groupOf = (run: number): number => groups.findIndex((group) => group.runs.includes(run));
  const damaged: string[] = [];
  const compared = await Promise.all(
    runs.map(async (data, i): Promise<ComparedRunModel> => {
      const { manifest, source } = data;
      const status = statusOf(data, now);
      const samples = await samplesOf(source, addressing, framesPerRun, (what) =>
        damaged.push(`${source.id}: ${what}`),
      );
      return {
        id: source.id,
        label: `${groups[groupOf(i)]?.label ?? manifest.preset}, seed ${seedName(seedsOf(data))}`,
        preset: manifest.preset,
        seed: manifest.seed,
        group: groupOf(i),
        state: status.state,
        update: status.update,
        ...(samples === undefined ? {} : { samples }),
        ...(href === undefined ? {} : { href: href(source.id) }),
      };
    }),
  );
  const declared = new DeclaredMetrics(
    runs.map(({ source, manifest: { metrics } }) => ({ run: source.id, metrics })),
  );
  const { paired, notes } = pairedTests(runs, groups, declared);
  const metrics = evaluationsOf(runs).flatMap((name) => metricTable(runs, groups, declared, name));
  const noticed = runs.filter(({ manifest }) => manifest.dataset.notice !== null);
  const which = noticed.length === runs.length ? '' : `${noticed.length} of ${runs.length} runs: `;
  const notices = noticed.map(({ manifest }) => `${which}${manifest.dataset.notice ?? ''}`);
  // Of one experiment alone, it is the seeds that are compared.
  const colourOf = (run: number): number => (groups.length === 1 ? run : groupOf(run));
  return {
    kind: 'comparison',
    title: groups.map(({ label }) => label).join(' · '),
    notices: [...new Set(notices)],
    runs: compared,
    groups,
    differences,
    batch: [...metrics, ...paired].some(({ mode }) => mode === 'batch'),
    metrics,
    paired,
    pairedNotes: notes,
    charts: chartsOfRuns(
      runs.map((run, i) => ({
        name:
          groups.length === 1
            ? `seed ${seedName(seedsOf(run))}`
            : (groups[groupOf(i)]?.label ?? ''),
        colour: colourOf(i),
        series: run.series,
      })),
      declared,
    ),
    problems: [
      ...problems,
      ...declared.problems,
      ...runs.flatMap((run) =>
        [...run.problems, logProblem(run) ?? [], leftOutProblem(run) ?? []]
          .flat()
          .map((p) => `${run.source.id}: ${p}`),
      ),
      ...damaged.sort(),
    ],
  };
}

/** That of the test set, and those of plugins' own; a few fixed examples say nothing final. */
function evaluationsOf(runs: readonly RunData[]): string[] {
  const names = runs.flatMap(({ series }) => [...series.evaluations.keys()]);
  return [...new Set(['test', ...names])].filter((name) => name !== 'fixed');
}

/** The final metrics of an evaluation, a mean over the seeds of each group. */
function metricTable(
  runs: readonly RunData[],
  groups: readonly GroupModel[],
  declared: DeclaredMetrics,
  evaluation: string,
): MetricTableRow[] {
  const tests = runs.map(
    (run) => finalsOf(run).get(evaluation)?.values ?? new Map<string, number>(),
  );
  const shown = (metric: MetricModel): MetricModel =>
    evaluation === 'test'
      ? metric
      : {
          ...metric,
          name: `${evaluation}/${metric.name}`,
          label: `${evaluation}: ${metric.label}`,
        };
  const spreadIn = (name: string, group: GroupModel): SeedsModel | null => {
    const values = group.counted.flatMap((i) => tests[i]?.get(name) ?? []);
    if (values.length === 0) return null;
    const { n, mean, interval } = meanInterval(values);
    const { median, low, high } = spreadOf(values);
    return { n, mean, interval, median, low, high };
  };
  const names = tests.flatMap((test) => [...test.keys()]);
  const rows = declared.sorted(names).flatMap((metric) =>
    modes.map(([mode, prefix]): MetricTableRow => {
      const seeds = groups.map((group) => spreadIn(prefix + metric.name, group));
      const statistic = seeds.some((of) => impossible(of, metric)) ? 'median' : 'mean';
      const best = bestOf(
        metric,
        seeds.map((of) => of?.[statistic] ?? null),
      );
      return { metric: shown(metric), mode, groups: seeds, shown: statistic, best };
    }),
  );
  // Some metrics are of one mode alone: how an output of zeros scores does not depend on the network.
  return rows.filter((row) => row.groups.some((group) => group !== null));
}

/** Whether an interval holds values that the metric cannot take, although the seeds differ. */
function impossible(seeds: SeedsModel | null, { range }: MetricModel): boolean {
  if (seeds?.interval == null || range === null || seeds.low === seeds.high) return false;
  const [lowest, highest] = range;
  const [low, high] = seeds.interval;
  return (lowest !== null && low < lowest) || (highest !== null && high > highest);
}
