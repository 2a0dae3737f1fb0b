import type { Point } from '../../media/figures/downsample.js';
import { metricLabel, sortMetrics } from './labels.js';
import { lineOf } from './lines.js';
import type { ChartModel, LineModel } from './model.js';
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
): ChartModel {
  const canBeLogarithmic = lines.every(({ points }) =>
    points.every((v, i) => i % 2 === 0 || v > 0),
  );
  return { id, title, section, canBeLogarithmic, lines };
}

const names = (maps: readonly ReadonlyMap<string, unknown>[]): string[] => [
  ...new Set(maps.flatMap((map) => [...map.keys()])),
];

/** The charts of one run: what belongs together in one, with batch statistics dashed. */
export function chartsOfRun(series: MetricsSeries): ChartModel[] {
  const charts: ChartModel[] = [];
  for (const [evaluation, of] of series.evaluations) {
    for (const metric of sortMetrics([...of.keys()].filter((name) => !name.includes('/')))) {
      const moving = of.get(metric) ?? [];
      if (moving.length < 2) continue;
      const batch = of.get(`batch/${metric}`);
      const lines = [lineOf(moving, { name: 'moving averages', colour: 0 })];
      if (batch !== undefined) {
        lines.push(lineOf(batch, { name: 'batch statistics', colour: 1, dashed: true }));
      }
      const title = metricLabel(metric) + (evaluation === 'fixed' ? '' : ` (${evaluation})`);
      charts.push(chart(`${evaluation}/${metric}`, title, 'validation', lines));
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
export function chartsOfRuns(runs: readonly ChartedRun[]): ChartModel[] {
  const charts: ChartModel[] = [];
  const add = (
    id: string,
    title: string,
    section: Section,
    of: (series: MetricsSeries) => readonly Point[] | undefined,
  ): void => {
    const lines = runs.flatMap(({ name, colour, series }) => {
      const points = of(series) ?? [];
      return points.length < 2 ? [] : [lineOf(points, { name, colour })];
    });
    if (lines.length > 0) charts.push(chart(id, title, section, lines));
  };
  for (const evaluation of names(runs.map(({ series }) => series.evaluations))) {
    const of = (series: MetricsSeries) =>
      series.evaluations.get(evaluation) ?? new Map<string, Series>();
    const metrics = names(runs.map(({ series }) => of(series)));
    for (const prefix of ['', 'batch/']) {
      const here = metrics.filter(
        (name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('/'),
      );
      for (const metric of sortMetrics(here.map((name) => name.slice(prefix.length)))) {
        const title =
          metricLabel(metric) +
          (prefix === '' ? '' : ', batch statistics') +
          (evaluation === 'fixed' ? '' : ` (${evaluation})`);
        add(`${evaluation}/${prefix}${metric}`, title, 'validation', (series) =>
          of(series).get(prefix + metric),
        );
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
