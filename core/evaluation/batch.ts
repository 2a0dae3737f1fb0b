import type { HostTensor } from '../engine/types.js';
import { didYouMean } from '../errors/nearest.js';
import { badContribution } from '../errors/plugin.js';
import type { EvaluatedExample } from './metric.js';

/** A batch as it was evaluated; every tensor is [count, …the signal's shape]. */
export interface EvaluatedBatch {
  readonly count: number;
  /** What the augmentation made, by role. */
  readonly signals: ReadonlyMap<string, HostTensor>;
  /** What it was made of, by the augmentation's name for it, as it is in the data set. */
  readonly taken: ReadonlyMap<string, HostTensor>;
  /** What the main network gave. */
  readonly output: HostTensor;
  /**
   * The same with the statistics of this batch in place of moving averages; undefined where the
   * network has no such statistics.
   */
  readonly outputBatch: HostTensor | undefined;
}

/** One example of tensors [count, …]. */
export function exampleAt({ shape, data }: HostTensor, index: number): HostTensor {
  const [count = 1, ...own] = shape;
  const size = data.length / count;
  return { shape: own, data: data.subarray(index * size, (index + 1) * size) };
}

/** What metrics see of one example of a batch. @param output in place of the batch's own */
export function viewExample(
  batch: EvaluatedBatch,
  index: number,
  output: HostTensor = batch.output,
): EvaluatedExample {
  const find = (tensors: ReadonlyMap<string, HostTensor>, what: string) => (name: string) => {
    const tensor = tensors.get(name);
    if (tensor !== undefined) return exampleAt(tensor, index);
    throw badContribution(
      `A metric asks for ${what} '${name}', which the augmentation does not have.`,
      didYouMean(name, tensors.keys()),
    );
  };
  return {
    output: exampleAt(output, index),
    signal: find(batch.signals, 'the role'),
    taken: find(batch.taken, 'the taken signal'),
  };
}
