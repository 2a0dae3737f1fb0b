import type { Prepared } from '../build/prepare.js';
import { BatchSource } from './batches.js';

/** The training batches of an experiment. @param size examples in a batch, if not as configured */
export function batchesOf(
  { built, dataset, random, sampler, experiment }: Prepared,
  size: number = experiment.core.batch,
): BatchSource {
  const { augmentation, shapes } = built.blueprint;
  return new BatchSource(dataset.train, { augmentation, shapes, random }, sampler, size);
}
