import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { use, type ExperimentDefinition, type TrainingEvent } from '../../../core/index.js';
import { CheckpointStore, type Checkpoint } from '../../../core/run/checkpoints.js';
import { tinyData } from '../../../lab/testing/base.js';

/** A plain network as small as can be, with evaluations and checkpoints between updates. */
export const tiny: ExperimentDefinition = {
  name: 'small',
  updates: 6,
  batch: 2,
  plugins: [
    tinyData,
    'augmentation',
    'image.metrics',
    use('generator.resconvnet', { width: 2, depth: 1 }),
    'loss.content',
    'updates.generator',
    use('optimizer.adam', { learningRate: 1e-3 }),
    use('evaluation', { every: 3, examples: 2, testExamples: 4, testBatch: 2 }),
    use('metrics', { every: 1 }),
    use('checkpoints', { every: 2, keep: 10 }),
  ],
};

/** One thread on the engine that every machine has. */
export const plain = { engine: 'wasm', threads: 1 } as const;

/** A new folder for a run, which does not exist yet. */
export const runFolder = (): string => join(mkdtempSync(join(tmpdir(), 'ncn-open-')), 'run');

export const newest = (directory: string): Promise<Checkpoint> =>
  new CheckpointStore(join(directory, 'checkpoints')).latestValid((damage) => {
    throw new Error(damage);
  });

export const logOf = (directory: string): string =>
  readFileSync(join(directory, 'metrics.jsonl'), 'utf8');

/** An event in a word: `update 3`. */
export const wordOf = (event: TrainingEvent): string =>
  event.type === 'evaluation' ? `${event.name} ${event.update}` : `${event.type} ${event.update}`;
