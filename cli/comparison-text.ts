import type { ComparisonModel, IntervalModel } from '../lab/report/model.js';
import { formatMetric } from '../core/services/format.js';
import { table } from './table.js';

/** A comparison for the console. */
export function comparisonText(model: ComparisonModel): string {
  const { groups, differences, metrics, paired, pairedNotes, problems } = model;
  const labels = groups.map(({ label }) => label);
  const seeds = groups.map(({ runs }) => runs.map((i) => model.runs[i]?.seed ?? '').join(', '));
  const parts = [
    table(
      ['differs', ...labels],
      [
        ...differences.map(({ path, values }) => [
          path,
          ...values.map((v) => shorten(v ?? 'not set')),
        ]),
        ['seeds', ...seeds],
      ],
    ),
    table(
      ['test set, mean and 95 % interval', 'BN', ...labels],
      metrics.map(({ label, mode, groups: values }) => [label, mode, ...values.map(interval)]),
    ),
  ];
  if (paired.length > 0) {
    const rows = paired.map((row) => [
      labels[row.group] ?? '',
      row.label,
      row.mode,
      formatMetric(row.difference),
      row.interval === null ? '' : row.interval.map(formatMetric).join(' to '),
      row.effect === null ? '' : row.effect.toFixed(2),
      row.tP === null ? '' : pValue(row.tP),
      pValue(row.wilcoxonP),
      pValue(row.adjustedP),
      String(row.images),
    ]);
    parts.push(
      table(
        [
          `image by image against ${labels[0] ?? ''}`,
          'metric',
          'BN',
          'difference',
          '95 % interval',
          'd',
          't-test p',
          'Wilcoxon p',
          'adjusted (Holm)',
          'images',
        ],
        rows,
      ),
    );
  }
  return [...parts, ...pairedNotes, ...problems].join('\n\n');
}

function interval(value: IntervalModel | null): string {
  if (value === null) return '';
  const { mean, interval: range, n } = value;
  if (range === null) return `${formatMetric(mean)} (1 seed)`;
  return `${formatMetric(mean)} [${range.map(formatMetric).join(', ')}] (${n} seeds)`;
}

const pValue = (p: number): string => (p < 1e-4 ? '< 0.0001' : p.toFixed(4));

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
