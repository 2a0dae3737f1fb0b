/** What a page says of numbers, as plain JSON. Types only. */

/** What a page says of a number; see `KnownMetric` of the core. */
export interface MetricModel {
  readonly name: string;
  readonly label: string;
  readonly unit: string | null;
  readonly better: Better;
  readonly format: 'number' | 'percent';
  readonly headline: boolean;
  /** The lowest and the highest value that it can take; null where there is none. */
  readonly range: readonly [number | null, number | null] | null;
}

export interface IntervalModel {
  readonly n: number;
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
}

/** Which values of a metric are the better ones; null where it says nothing of the networks. */
export type Better = 'lower' | 'higher' | null;

/** What the seeds of a group gave: mean and interval, median and range. */
export interface SeedsModel extends IntervalModel {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}
