import type { HostTensor } from '../engine/types.js';
import type {
  Beside,
  Better,
  ExampleGroup,
  ExampleKinds,
  KnownMetric,
  PossibleValues,
} from '../run/known-metric.js';

export type { Beside, Better, ExampleGroup, ExampleKinds, KnownMetric, PossibleValues };

/** What a number is, for everyone who shows it: tables, pages, comparisons, TensorBoard. */
export interface MetricDeclaration {
  /** As it appears behind the evaluation's name: `test/content`. */
  readonly name: string;
  /** For people; the name by default. */
  readonly label?: string;
  /** Of its values: `dB`. */
  readonly unit?: string;
  readonly better: Better;
  /** `percent` for a share between 0 and 1; default `number`. */
  readonly format?: 'number' | 'percent';
  /** Values that it can take; by default those of a share for `percent`, and any other number. */
  readonly range?: PossibleValues;
  /** Whether it is shown where there is room for few. */
  readonly headline?: boolean;
}

/** What a metric sees of one example: what it was made of, and what the network gave. */
export interface EvaluatedExample {
  readonly output: HostTensor;
  /** What the augmentation made, by role. @throws NcnError for a role that it does not make */
  readonly signal: (role: string) => HostTensor;
  /** What it was made of, by the augmentation's name for it. @throws NcnError for another name */
  readonly taken: (name: string) => HostTensor;
}

/** A number that says how good an output is, computed for each example. */
export interface Metric extends MetricDeclaration {
  /** May be NaN or infinite where an example has no sensible value. */
  readonly value: (example: EvaluatedExample) => number | Promise<number>;
  /** How the values of examples become one: their mean (default), or not at all. */
  readonly summary?: 'mean' | 'none';
  /** It says nothing of the network: measured once, not for each kind of normalisation. */
  readonly ofData?: boolean;
  /** By it examples are the worst and the best; the first metric unless one says so. */
  readonly primary?: boolean;
  readonly group?: ExampleGroup;
  /** Bytes that it takes when it is first measured, for the plan; of a few ones nothing need be said. */
  readonly memory?: number;
  /** It is the value of another metric, reached by another method than the network. */
  readonly beside?: Beside;
  /** Tables of methods tell examples apart by it. */
  readonly kinds?: ExampleKinds;
}

export function describeMetric(metric: MetricDeclaration | Metric): KnownMetric {
  const { name, label = name, unit = null, better, format = 'number', headline = false } = metric;
  const { range = null } = metric;
  const { primary = false, group, beside, kinds }: Partial<Metric> = metric;
  return {
    ...{ name, label, unit, better, format, headline, primary, range },
    ...{ group: group ?? null, beside: beside ?? null, kinds: kinds ?? null },
  };
}
