import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostTensor } from '../../core/engine/types.js';
import type { Metrics } from '../../core/hooks/payloads.js';
import type { TrainOptions } from '../../core/open/types.js';
import { CheckpointStore } from '../../core/run/checkpoints.js';
import type { JsonValue } from '../../core/run/json.js';
import { compiledEngine } from '../../engines/compiled/index.js';
import { openTiny, type TinyExperiment } from './prepare.js';

/** Of the main phase, unless something else is asked for. */
export const tinyUpdates = 5;

export interface TinyRunOptions extends TinyExperiment {
  /** Default `compiled`, or `wasm` where that is not present. */
  readonly engine?: string;
  /** Updates of the main phase; default 5. */
  readonly updates?: number;
  /** Stops the run after this update, as a signal would, and resumes it with the plugins set up anew. */
  readonly interruptAfter?: number;
  /** Called after each update. */
  readonly onUpdate?: (update: number) => void;
}

/** What a tiny run left behind. */
export interface TinyRun {
  /** What each update reported: losses and other numbers, by name. */
  readonly metrics: readonly Metrics[];
  /** Final metrics. */
  readonly summary: ReadonlyMap<string, number | string>;
  /** All tensors at the end: parameters, optimizers, extra state. */
  readonly state: ReadonlyMap<string, HostTensor>;
  /** What the plugins saved at the end, by name. */
  readonly plugins: Readonly<Record<string, JsonValue>>;
  /** `metrics.jsonl`. */
  readonly log: string;
  /** Hash of tensors, plugin state and position at the end. */
  readonly contentHash: string;
}

/** A real run on tiny data and networks, in a temporary folder that is removed at its end. */
export async function tinyRun(options: TinyRunOptions = {}): Promise<TinyRun> {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-testing-'));
  try {
    return await runIn(join(folder, 'run'), options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runIn(directory: string, options: TinyRunOptions): Promise<TinyRun> {
  const { interruptAfter, values, engine = await defaultEngine(), updates = tinyUpdates } = options;
  const experiment = await openTiny(
    { ...options, values: { updates, ...values } },
    { engine, threads: 1 },
  );
  const metrics: Metrics[] = [];
  const stop = new AbortController();
  const watch: TrainOptions = {
    onUpdate: (event) => {
      metrics.push(event.metrics);
      options.onUpdate?.(event.update);
      if (event.update === interruptAfter) stop.abort();
    },
  };
  try {
    let result = await experiment.train({ ...watch, directory, signal: stop.signal });
    if (result.outcome === 'interrupted') result = await experiment.resume(watch);
    const end = await new CheckpointStore(join(directory, 'checkpoints')).latestValid(ignore);
    const log = await readFile(join(directory, 'metrics.jsonl'), 'utf8');
    const { tensors: state, plugins, contentHash } = end;
    return { metrics, summary: result.results, state, plugins, log, contentHash };
  } finally {
    await experiment.close();
  }
}

const defaultEngine = async (): Promise<string> =>
  (await compiledEngine.probe()).present ? 'compiled' : 'wasm';

const ignore = (): void => undefined;
