import type { HostTensor } from '../engine/types.js';
import { viewExample, type EvaluatedBatch } from './batch.js';
import type { Metric } from './metric.js';

/** What the metrics said of a batch. */
export interface Measured {
  /** Means over the batch, by name; without the metrics that have none. */
  readonly means: ReadonlyMap<string, number>;
  /** Values of each example, by name. */
  readonly perExample: ReadonlyMap<string, Float64Array>;
}

const prefix = 'batch/';

/**
 * Measures a batch: each metric on every example, with moving averages and, where the network has
 * statistics of its own, with those of the batch (`batch/NAME`).
 */
export async function measureBatch(
  metrics: readonly Metric[],
  batch: EvaluatedBatch,
): Promise<Measured> {
  const means = new Map<string, number>();
  const perExample = new Map<string, Float64Array>();
  const measure = async (
    before: string,
    some: readonly Metric[],
    output: HostTensor,
  ): Promise<void> => {
    const values = some.map(() => new Float64Array(batch.count));
    for (let i = 0; i < batch.count; i++) {
      const example = viewExample(batch, i, output);
      for (const [m, { value }] of some.entries()) {
        const got = value(example);
        const of = values[m];
        if (of !== undefined) of[i] = typeof got === 'number' ? got : await got;
      }
    }
    some.forEach(({ name, summary }, m) => {
      const of = values[m] ?? new Float64Array();
      perExample.set(before + name, of);
      if (summary !== 'none') means.set(before + name, meanOf(of));
    });
  };
  await measure('', metrics, batch.output);
  if (batch.outputBatch !== undefined) {
    await measure(
      prefix,
      metrics.filter(({ ofData }) => ofData !== true),
      batch.outputBatch,
    );
  }
  return { means, perExample };
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
