import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openExperiment,
  openRun,
  use,
  type ExperimentDefinition,
  type ExperimentOptions,
  type LogLine,
  type RunOptions,
  type TrainingEvent,
  type TrainOptions,
} from '../../../core/index.js';
import { savedConfigSchema } from '../../../core/experiment/saved.js';
import { parseJson } from '../../../core/run/json.js';
import { manifestSchema } from '../../../core/run/manifest.js';
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

/** Those of `tiny` that are in no file: a run of it is opened with them. */
export const ownPlugins = tiny.plugins.filter(
  (plugin) => typeof plugin === 'object' && 'ncnPlugin' in plugin,
);

/** A run that was stopped after an update; undefined: one that ended. */
export async function stopped(
  after: number | undefined,
  experiment = tiny,
  options: ExperimentOptions = plain,
): Promise<string> {
  const directory = runFolder();
  const stop = new AbortController();
  const open = await openExperiment(experiment, options);
  await open.train({
    directory,
    signal: stop.signal,
    onUpdate: ({ update }) => update === after && stop.abort(),
  });
  await open.close();
  return directory;
}

/** Opens a run, goes on with it, and closes it. */
export async function resume(
  directory: string,
  options: RunOptions = {},
  wishes: TrainOptions = {},
) {
  const lines: LogLine[] = [];
  const onLog = (line: LogLine): unknown => lines.push(line);
  const run = await openRun(directory, { plugins: ownPlugins, ...options, onLog });
  try {
    const result = await run.resume(wishes);
    return { result, warnings: lines.map(({ message }) => message).join('\n') };
  } finally {
    await run.close();
  }
}

const json = <T>(file: string, schema: { parse: (value: unknown) => T }): T =>
  schema.parse(parseJson(readFileSync(file, 'utf8')));
export const configOf = (run: string) => json(join(run, 'config.json'), savedConfigSchema);
export const manifestOf = (run: string) => json(join(run, 'manifest.json'), manifestSchema);
export const valueOf = (run: string, wanted: string) =>
  configOf(run).values.find(({ path }) => path === wanted)?.value;
