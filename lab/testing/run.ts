import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { compiledEngine } from '../../engines/compiled/index.js';
import { openEngine } from '../../engines/registry.js';
import type { HostTensor } from '../../core/engine/types.js';
import type { Metrics } from '../../core/hooks/payloads.js';
import { definePlugin, type Plugin } from '../../core/plugins/plugin.js';
import { CheckpointStore, type Checkpoint } from '../../core/run/checkpoints.js';
import { RunDirectory } from '../../core/run/directory.js';
import type { JsonValue } from '../../core/run/json.js';
import { Interrupted } from '../../core/trainer/loop/interruption.js';
import { continueRun, startRun, type RunResult } from '../../core/trainer/loop/execute.js';
import { prepareTiny, quietHost, type TinyExperiment } from './prepare.js';

export interface TinyRunOptions extends TinyExperiment {
  /** Default `compiled`, or `wasm` where that is not present. */
  readonly engine?: string;
  /** Updates of the main phase; default 5. */
  readonly updates?: number;
  /** Stops the run after this update, as a signal would, and resumes it with the plugins set up anew. */
  readonly interruptAfter?: number;
  /** Called before each update. */
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

async function runIn(path: string, options: TinyRunOptions): Promise<TinyRun> {
  const directory = await RunDirectory.createAt(path);
  const store = new CheckpointStore(directory.checkpoints);
  const metrics: Metrics[] = [];
  let result = await runOnce(options, directory, metrics, options.interruptAfter);
  if (result.outcome.kind === 'interrupted') {
    result = await runOnce(options, directory, metrics, undefined, await store.latestValid(ignore));
  }
  if (result.outcome.kind !== 'finished') throw new Error('the run was interrupted by a signal');
  const end = await store.latestValid(ignore);
  const log = await readFile(directory.metrics, 'utf8');
  const { tensors: state, plugins, contentHash } = end;
  return { metrics, summary: result.outcome.summary, state, plugins, log, contentHash };
}

async function runOnce(
  options: TinyRunOptions,
  directory: RunDirectory,
  metrics: Metrics[],
  interruptAfter: number | undefined,
  from?: Checkpoint,
): Promise<RunResult> {
  const shown = quietHost();
  const { plugins = [], values = {}, engine = await defaultEngine(), updates = 5 } = options;
  const watch = probe(metrics, interruptAfter, options.onUpdate);
  const prepared = await prepareTiny(
    { ...options, plugins: [...plugins, watch], values: { updates, ...values } },
    shown,
  );
  const session = await openEngine(engine, { threads: 1 });
  try {
    return from === undefined
      ? await startRun(prepared, session, directory, shown)
      : await continueRun(prepared, session, directory, shown, from);
  } finally {
    await session.close();
  }
}

const defaultEngine = async (): Promise<string> =>
  (await compiledEngine.probe()).present ? 'compiled' : 'wasm';

/** Watches a run, and stops it after an update as a signal would. */
function probe(
  metrics: Metrics[],
  interruptAfter: number | undefined,
  onUpdate: ((update: number) => void) | undefined,
): Plugin {
  return definePlugin({
    name: 'testing.probe',
    version: '1.0.0',
    summary: 'watches a test',
    options: z.strictObject({}),
    setup({ hooks }) {
      hooks.updateStart.tap(
        ({ update }) => {
          if (update - 1 === interruptAfter) throw new Interrupted('SIGTERM');
          onUpdate?.(update);
        },
        { stage: 'first' },
      );
      hooks.updateEnd.tap(async (payload) => {
        metrics.push(await payload.metrics());
      });
    },
  });
}

const ignore = (): void => undefined;
