import type { Point } from '../../media/figures/downsample.js';
import { lineOf } from './lines.js';
import { titleOf } from './metric-title.js';
import { hasBatch, modes, type DeclaredMetrics } from './metrics.js';
import type { ChartModel, LineModel, MetricModel } from './model.js';
import type { MetricsSeries, Series } from './series.js';

/** A run among those that a chart shows. */
export interface ChartedRun {
  readonly name: string;
  readonly colour: number;
  readonly series: MetricsSeries;
}

type Section = ChartModel['section'];

function chart(
  id: string,
  title: string,
  section: Section,
  lines: readonly LineModel[],
  format: MetricModel['format'] = 'number',
): ChartModel {
  const canBeLogarithmic = lines.every(({ points }) =>
    points.every((v, i) => i % 2 === 0 || v > 0),
  );
  return { id, title, section, format, canBeLogarithmic, lines };
}

const names = (maps: readonly ReadonlyMap<string, unknown>[]): string[] => [
  ...new Set(maps.flatMap((map) => [...map.keys()])),
];

/** What a page adds to a title: nothing for the evaluation that every run of the post has. */
const suffixOf = (evaluation: string): string => (evaluation === 'fixed' ? '' : ` (${evaluation})`);

/** The charts of one run: what belongs together in one, with batch statistics dashed. */
export function chartsOfRun(series: MetricsSeries, metrics: DeclaredMetrics): ChartModel[] {
  const charts: ChartModel[] = [];
  for (const [evaluation, of] of series.evaluations) {
    const both = hasBatch(of.keys());
    for (const metric of metrics.sorted(of.keys())) {
      const lines = modes.flatMap(([mode, prefix], colour): LineModel[] => {
        const points = of.get(prefix + metric.name) ?? [];
        if (points.length < 2) return [];
        if (mode === 'batch') {
          return [lineOf(points, { name: 'batch statistics', colour, dashed: true })];
        }
        return [lineOf(points, { name: both ? 'moving averages' : metric.label, colour })];
      });
      if (lines.length === 0) continue;
      const title = titleOf(metric) + suffixOf(evaluation);
      const id = `${evaluation}/${metric.name}`;
      charts.push(chart(id, title, 'validation', lines, metric.format));
    }
  }
  const together = (id: string, title: string, keep: (name: string) => boolean): void => {
    const lines = [...series.training.keys()]
      .filter(keep)
      .map((name, i) => lineOf(series.training.get(name) ?? [], { name, colour: i }));
    if (lines.length > 0) charts.push(chart(id, title, 'training', lines));
  };
  const isTerm = (name: string): boolean => series.scalars.has(`weight/${name}`);
  const isTotal = (name: string): boolean => name.endsWith('/loss');
  together('terms', 'Loss terms', isTerm);
  together('totals', 'Total losses', (name) => isTotal(name) && !isTerm(name));
  together('other', 'Other training metrics', (name) => !isTerm(name) && !isTotal(name));
  const weights = [...series.scalars].filter(([, line]) => varies(line));
  if (weights.length > 0) {
    const lines = weights.map(([name, line], i) => lineOf(line, { name, colour: i }));
    charts.push(chart('schedules', 'Loss weights', 'schedules', lines));
  }
  return charts;
}

/** The charts of several runs: one for each metric, a line a run. */
export function chartsOfRuns(runs: readonly ChartedRun[], metrics: DeclaredMetrics): ChartModel[] {
  const charts: ChartModel[] = [];
  const add = (
    id: string,
    title: string,
    section: Section,
    of: (series: MetricsSeries) => readonly Point[] | undefined,
    format?: MetricModel['format'],
  ): void => {
    const lines = runs.flatMap(({ name, colour, series }) => {
      const points = of(series) ?? [];
      return points.length < 2 ? [] : [lineOf(points, { name, colour })];
    });
    if (lines.length > 0) charts.push(chart(id, title, section, lines, format));
  };
  for (const evaluation of names(runs.map(({ series }) => series.evaluations))) {
    const of = (series: MetricsSeries) =>
      series.evaluations.get(evaluation) ?? new Map<string, Series>();
    const measured = metrics.sorted(names(runs.map(({ series }) => of(series))));
    for (const [mode, prefix] of modes) {
      for (const metric of measured) {
        const title =
          titleOf(metric) + (mode === 'moving' ? '' : ', batch statistics') + suffixOf(evaluation);
        const name = prefix + metric.name;
        const id = `${evaluation}/${name}`;
        add(id, title, 'validation', (series) => of(series).get(name), metric.format);
      }
    }
  }
  for (const name of names(runs.map(({ series }) => series.training))) {
    add(`training/${name}`, name, 'training', (series) => series.training.get(name));
  }
  for (const name of names(runs.map(({ series }) => series.scalars))) {
    if (!runs.some(({ series }) => varies(series.scalars.get(name) ?? []))) continue;
    add(`schedules/${name}`, name, 'schedules', (series) => series.scalars.get(name));
  }
  return charts;
}

const varies = (line: readonly Point[]): boolean => line.some(([, y]) => y !== line[0]?.[1]);
