import type {
  ComparisonModel,
  MetricModel,
  MetricTableRow,
  SeedsModel,
} from '../lab/report/model.js';
import { formatValue } from '../core/services/format.js';
import { harmless } from '../lab/harmless.js';
import { titleOf } from '../lab/report/metric-title.js';
import { table } from './table.js';

/** A comparison for the console. */
export function comparisonText(model: ComparisonModel): string {
  const { groups, differences, metrics, batch, paired, pairedNotes, problems } = model;
  const labels = groups.map(({ label }) => label);
  const parts = [
    table(
      ['test set, mean and 95 % interval', ...(batch ? ['BN'] : []), ...labels],
      metrics.map((row) => [
        titleOf(row.metric),
        ...(batch ? [row.mode] : []),
        ...row.groups.map((of, i) => ofSeeds(of, row) + (row.best.includes(i) ? ' *' : '')),
      ]),
    ),
  ];
  const notes = [
    ...(metrics.some(({ best }) => best.length > 0) ? ['* the best of its row'] : []),
    ...(metrics.some(({ shown }) => shown === 'median') ? [aboutMedians] : []),
  ];
  if (notes.length > 0) parts.push(notes.join('\n'));
  if (paired.length > 0) {
    const rows = paired.map((row) => [
      labels[row.group] ?? '',
      titleOf(row.metric),
      ...(batch ? [row.mode] : []),
      numberOf(row.difference, row.metric),
      row.interval === null ? '' : row.interval.map((x) => numberOf(x, row.metric)).join(' to '),
      row.effect === null ? '' : row.effect.toFixed(2),
      row.tP === null ? '' : pValue(row.tP),
      pValue(row.wilcoxonP),
      pValue(row.adjustedP),
      String(row.examples),
    ]);
    parts.push(
      table(
        [
          `example by example against ${labels[0] ?? ''}`,
          'metric',
          ...(batch ? ['BN'] : []),
          'difference',
          '95 % interval',
          'd',
          't-test p',
          'Wilcoxon p',
          'adjusted (Holm)',
          'examples',
        ],
        rows,
      ),
    );
  }
  const own = differences.filter(({ byProfile }) => !byProfile);
  const rows = own.map(({ path, words }) => [path, ...words.map((v) => shorten(v ?? 'not set'))]);
  const differing = table(
    ['differs', ...labels],
    [...rows, ['seeds', ...groups.map(({ seeds }) => seeds.join(', '))]],
  );
  const folded = differences.length - own.length;
  const more =
    folded === 0
      ? []
      : [
          `and ${folded} value${folded === 1 ? '' : 's'} that follow from the profile (--json lists all)`,
        ];
  return harmless([...parts, ...pairedNotes, differing, ...more, ...problems].join('\n\n'));
}

/** Without its unit, which stands beside the metric. */
const numberOf = (value: number, { format }: MetricModel): string =>
  formatValue(value, { format, unit: null });

const aboutMedians =
  'median … of …: an interval of the mean would hold values that cannot be; lowest and highest seed instead';

function ofSeeds(of: SeedsModel | null, { metric, shown }: MetricTableRow): string {
  if (of === null) return '';
  const [mean, median, low, high] = [of.mean, of.median, of.low, of.high].map((x) =>
    numberOf(x, metric),
  );
  if (of.interval === null) return `${mean ?? ''} (1 seed)`;
  if (shown === 'median')
    return `median ${median ?? ''} of ${low ?? ''} to ${high ?? ''} (${of.n} seeds)`;
  return `${mean ?? ''} [${of.interval.map((x) => numberOf(x, metric)).join(', ')}] (${of.n} seeds)`;
}

const pValue = (p: number): string => (p < 1e-4 ? '< 0.0001' : p.toFixed(4));

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
