import type { KnownMetric } from '../../core/evaluation/metric.js';
import type { MetricModel, Mode } from './model.js';

/** Prefix of what was measured with the statistics of each batch. */
const batchPrefix = 'batch/';

/** The two kinds of statistics, with what the names of their numbers begin with. */
export const modes: readonly (readonly [mode: Mode, prefix: string])[] = [
  ['moving', ''],
  ['batch', batchPrefix],
];

/** Whether any of these numbers was measured with the statistics of each batch. */
export const hasBatch = (names: Iterable<string>): boolean =>
  [...names].some((name) => name.startsWith(batchPrefix));

/** A run with what it says of its numbers. */
export interface Declaring {
  /** For people. */
  readonly run: string;
  readonly metrics: readonly KnownMetric[];
}

/**
 * What pages say of numbers: what the run declares, in its order. Of several runs the first
 * declaration of a name counts; `problems` tells of those that differ from it.
 */
export class DeclaredMetrics {
  readonly problems: readonly string[];
  readonly #known = new Map<string, KnownMetric>();

  constructor(runs: readonly Declaring[]) {
    const first = new Map<string, string>();
    const differing = new Map<string, { runs: string[]; fields: Set<string> }>();
    for (const { run, metrics } of runs) {
      for (const metric of metrics) {
        const { name } = metric;
        const known = this.#known.get(name);
        if (known === undefined) {
          this.#known.set(name, metric);
          first.set(name, run);
          continue;
        }
        const fields = fieldsThatDiffer(known, metric);
        if (fields.length === 0) continue;
        const found = differing.get(name) ?? { runs: [], fields: new Set() };
        found.runs.push(run);
        for (const field of fields) found.fields.add(field);
        differing.set(name, found);
      }
    }
    this.problems = [...differing].map(
      ([name, { runs: others, fields }]) =>
        `The metric '${name}' is declared otherwise (${[...fields].join(', ')}) in ${others.join(', ')}: what ${first.get(name) ?? ''} says of it counts.`,
    );
  }

  /** In the order of their declaration. */
  get all(): readonly KnownMetric[] {
    return [...this.#known.values()];
  }

  /** That by which examples are the worst and the best. */
  get primary(): KnownMetric | undefined {
    const { all } = this;
    return all.find(({ primary }) => primary) ?? all[0];
  }

  /** Of a number that nobody declared its name is all that is known. */
  of(name: string): MetricModel {
    const known = this.#known.get(name);
    if (known === undefined) {
      return {
        ...{ name, label: name, unit: null, better: null, format: 'number' as const },
        ...{ headline: false, range: null },
      };
    }
    const { label, unit, better, format, headline } = known;
    const range = known.range ?? (format === 'percent' ? [0, 1] : null);
    return { name, label, unit, better, format, headline, range };
  }

  /**
   * The metrics of these numbers in the order of their declaration, others last, by name.
   * @param names with or without `batch/`, of which each metric counts once
   */
  sorted(names: Iterable<string>): MetricModel[] {
    const bare = [...names].map((name) =>
      name.startsWith(batchPrefix) ? name.slice(batchPrefix.length) : name,
    );
    const order = [...this.#known.keys()];
    const rank = (name: string): number => {
      const at = order.indexOf(name);
      return at < 0 ? order.length : at;
    };
    return [...new Set(bare)]
      .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
      .map((name) => this.of(name));
  }
}

/**
 * Which of the values are the best; none where the metric has no better ones, there is nothing to
 * compare, or all are equal.
 * @param values null or NaN where there is none
 */
export function bestOf(
  { better }: Pick<MetricModel, 'better'>,
  values: readonly (number | null)[],
): number[] {
  const told = values.flatMap((value) => (value === null || Number.isNaN(value) ? [] : [value]));
  if (better === null || new Set(told).size < 2) return [];
  const best = better === 'lower' ? Math.min(...told) : Math.max(...told);
  return values.flatMap((value, i) => (value === best ? [i] : []));
}

/** Names of what two declarations of a metric say differently. */
function fieldsThatDiffer(a: KnownMetric, b: KnownMetric): string[] {
  const others = new Map<string, unknown>(Object.entries(b));
  return Object.entries(a).flatMap(([field, value]: [string, unknown]) =>
    // How tables are arranged: runs of earlier versions do not say it.
    field === 'beside' ||
    field === 'range' ||
    field === 'kinds' ||
    JSON.stringify(value) === JSON.stringify(others.get(field))
      ? []
      : [field],
  );
}
