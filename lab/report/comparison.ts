import { meanInterval } from '../stats/interval.js';
import { chartsOfRuns } from './charts.js';
import { groupRuns } from './groups.js';
import { betterOf, metricLabel, sortMetrics } from './labels.js';
import type {
  ComparedRunModel,
  ComparisonModel,
  GroupModel,
  IntervalModel,
  MetricTableRow,
} from './model.js';
import { pairedTests } from './paired.js';
import type { RunData } from './run-data.js';
import { samplesOf, type ImageAddress } from './samples.js';
import { statusOf } from './status.js';

/** Pictures of outputs that a page of several runs holds of each. */
const framesPerRun = 16;

/**
 * Everything that the page of several runs shows.
 * @param address makes the addresses of pictures @param href those of the runs' own pages
 * @throws NcnError where a run cannot be read
 */
export async function comparisonModel(
  runs: readonly RunData[],
  address: ImageAddress,
  now: number,
  href?: (id: string) => string,
): Promise<ComparisonModel> {
  const { groups, differences } = groupRuns(runs);
  const groupOf = (run: number): number => groups.findIndex((group) => group.runs.includes(run));
  const compared = await Promise.all(
    runs.map(async (data, i): Promise<ComparedRunModel> => {
      const { manifest, source } = data;
      const status = statusOf(data, now);
      const samples = await samplesOf(source, address, framesPerRun);
      return {
        id: source.id,
        label: `${groups[groupOf(i)]?.label ?? manifest.preset}, seed ${manifest.seed}`,
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
  const { paired, notes } = pairedTests(runs, groups);
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
    metrics: metricTable(runs, groups),
    paired,
    pairedNotes: notes,
    charts: chartsOfRuns(
      runs.map(({ series }, i) => ({
        name:
          groups.length === 1
            ? `seed ${compared[i]?.seed ?? ''}`
            : (groups[groupOf(i)]?.label ?? ''),
        colour: colourOf(i),
        series,
      })),
    ),
    problems: runs.flatMap(({ problems, source }) => problems.map((p) => `${source.id}: ${p}`)),
  };
}

/** The final metrics of the test set, a mean over the seeds of each group. */
function metricTable(runs: readonly RunData[], groups: readonly GroupModel[]): MetricTableRow[] {
  const valuesOf = (name: string, group: GroupModel): number[] =>
    group.runs.flatMap((i) => {
      const value = runs[i]?.series.evaluations.get('test')?.get(name)?.at(-1)?.[1];
      return value !== undefined && Number.isFinite(value) ? [value] : [];
    });
  const names = new Set(
    runs.flatMap(({ series }) => [...(series.evaluations.get('test')?.keys() ?? [])]),
  );
  const metrics = sortMetrics([...names].filter((name) => !name.includes('/')));
  const rows = metrics.flatMap((metric) =>
    (['moving', 'batch'] as const).map((mode): MetricTableRow => ({
      metric,
      label: metricLabel(metric),
      mode,
      better: betterOf(metric),
      groups: groups.map((group): IntervalModel | null => {
        const values = valuesOf(mode === 'batch' ? `batch/${metric}` : metric, group);
        if (values.length === 0) return null;
        const { n, mean, interval } = meanInterval(values);
        return { n, mean, interval };
      }),
    })),
  );
  // Some metrics are of one mode alone: how a black image scores does not depend on the network.
  return rows.filter((row) => row.groups.some((group) => group !== null));
}
