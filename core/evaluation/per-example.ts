import type { HostTensor } from '../engine/types.js';
import { exampleAt, type EvaluatedBatch } from './batch.js';
import { HighestScores, type KeptExample } from './highest.js';
import type { Measured } from './measure.js';
import type { Metric } from './metric.js';

/** Values of every example of an evaluation, and some of the examples. */
export interface PerExampleResult {
  /** Indexes into the split, by sequence of examples, in the order of the values. */
  readonly indexes: ReadonlyMap<string, Float32Array>;
  /** By metric: `content`, …, and `batch/content`, … with batch statistics. */
  readonly values: ReadonlyMap<string, Float32Array>;
  /** By group: `worst`, `best`, those of metrics; and `batch/worst`, …. */
  readonly examples: ReadonlyMap<string, readonly KeptExample[]>;
}

/**
 * Collects the values of each example, batch by batch, and keeps the worst and the best by the
 * primary metric, and those that a metric's group asks for.
 */
export class PerExampleCollector {
  readonly #values = new Map<string, Float32Array>();
  readonly #groups = new Map<string, HighestScores>();
  readonly #indexes = new Map<string, Float32Array>();
  readonly #primary: Metric | undefined;
  #filled = 0;

  /**
   * @param count examples in all batches together
   * @param perGroup examples that are kept of each group
   */
  constructor(
    private readonly metrics: readonly Metric[],
    private readonly count: number,
    private readonly perGroup = 12,
  ) {
    this.#primary = metrics.find(({ primary }) => primary === true) ?? metrics[0];
  }

  /** Adds the next batch. @param indexes into the split, by sequence of examples */
  add(
    indexes: Readonly<Record<string, Uint32Array>>,
    batch: EvaluatedBatch,
    { perExample }: Measured,
  ): void {
    const start = this.#filled;
    for (const [sequence, list] of Object.entries(indexes)) {
      this.#array(this.#indexes, sequence).set(list, start);
    }
    for (const [name, values] of perExample) this.#array(this.#values, name).set(values, start);
    this.#choose('', batch, perExample, batch.output);
    if (batch.outputBatch !== undefined) {
      this.#choose('batch/', batch, perExample, batch.outputBatch);
    }
    this.#filled += batch.count;
  }

  /** What was collected. */
  result(): PerExampleResult {
    const examples = [...this.#groups].map(([name, { examples }]) => [name, examples] as const);
    return { indexes: this.#indexes, values: this.#values, examples: new Map(examples) };
  }

  #choose(
    mode: '' | 'batch/',
    batch: EvaluatedBatch,
    values: Measured['perExample'],
    output: HostTensor,
  ): void {
    const offer = (group: string, metric: string, score: (value: number) => number): void => {
      const known = this.#groups.get(mode + group) ?? new HighestScores(this.perGroup);
      this.#groups.set(mode + group, known);
      values.get(mode + metric)?.forEach((value, i) => {
        known.offer(score(value), () => keep(batch, output, i, this.#filled + i));
      });
    };
    if (this.#primary !== undefined && this.#primary.better !== null) {
      const { name, better } = this.#primary;
      const sign = better === 'lower' ? 1 : -1;
      offer('worst', name, (value) => sign * value);
      offer('best', name, (value) => -sign * value);
    }
    for (const { name, group } of this.metrics) {
      if (group === undefined) continue;
      offer(group.name, name, (value) => (value > group.above ? value : NaN));
    }
  }

  #array(of: Map<string, Float32Array>, name: string): Float32Array {
    const known = of.get(name) ?? new Float32Array(this.count);
    of.set(name, known);
    return known;
  }
}

function keep(
  batch: EvaluatedBatch,
  output: HostTensor,
  index: number,
  position: number,
): KeptExample {
  const signals = new Map<string, HostTensor>();
  for (const [role, tensor] of [...batch.signals, ['output', output] as const]) {
    const { shape, data } = exampleAt(tensor, index);
    signals.set(role, { shape, data: data.slice() });
  }
  return { position, signals };
}
