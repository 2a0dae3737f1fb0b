import type { LoadedDatasets } from '../data/registry.js';
import type { Shape } from '../data/types.js';
import type { EngineProvider, EngineSession, HostTensor } from '../engine/types.js';
import type { ExamplesAbout } from '../evaluation/test-examples.js';
import type { PluginUse, Preset, PresetDefinition, Profile } from '../experiment/preset.js';
import type { ResolvedValue } from '../experiment/resolve.js';
import type { EvaluationResult, Metrics } from '../hooks/payloads.js';
import type { Plugin } from '../plugins/plugin.js';
import type { JsonValue as Json } from '../run/json.js';
import type { Manifest } from '../run/manifest.js';
import type { LogLine } from '../services/log.js';
import type { Plan } from '../trainer/estimate/plan.js';
import type { CheckpointEvent, EvaluationEvent, UpdateEvent } from '../trainer/loop/observer.js';
import type { StartEvent } from './events.js';
import type { Training } from './training.js';

/** A plugin of a definition: as `--plugin` takes it or as an object, perhaps with options. */
export type PluginSource =
  | string
  | Plugin
  | PluginUse
  | { readonly plugin: Plugin; readonly options?: Readonly<Record<string, Json>> };

/** A preset on the spot: what `definePreset` takes, with plugins as objects too, and no name. */
export interface ExperimentDefinition extends Partial<Omit<PresetDefinition, 'plugins'>> {
  readonly plugins: readonly PluginSource[];
}

/** What an experiment is: a preset's name, path or package, a preset, or a definition. */
export type ExperimentSource = string | Preset | ExperimentDefinition;

/** What changes an experiment, or a run's. */
export interface ChangeOptions {
  /** Values by path: `{ 'loss.content.weight': 2 }`. */
  readonly set?: Readonly<Record<string, Json>>;
  /** Plugins to add: names, paths, packages or objects. An object takes the place of its name. */
  readonly plugins?: readonly (string | Plugin)[];
  /** Names of plugins to leave out. */
  readonly without?: readonly string[];
  readonly seed?: number;
  /** Updates of the main phase. */
  readonly updates?: number;
  /** Examples in a batch. */
  readonly batch?: number;
  readonly dataset?: string;
  /** Folder with the files of the data set. */
  readonly data?: string;
  /** By name (default `auto`), one of your own, or an open session, which then stays open. */
  readonly engine?: string | EngineProvider | EngineSession;
  /** CPU threads of the engine. */
  readonly threads?: number;
  /** Is told what a command would log: warnings, and news such as a data set being read. */
  readonly onLog?: (line: LogLine) => void;
  /** Data sets that were loaded, for many experiments to share; filled by whoever loads one. */
  readonly datasets?: LoadedDatasets;
}

export interface ExperimentOptions extends ChangeOptions {
  /** Default `documented`. */
  readonly profile?: string | Profile;
  readonly variant?: string;
}

export interface RunOptions extends ChangeOptions {
  /** Lets a run go on with another configuration or other data. */
  readonly acceptChanges?: boolean;
}

/** What a caller wants of a training. It waits for the functions that it calls. */
export interface TrainOptions {
  readonly onStart?: (event: StartEvent) => unknown;
  readonly onUpdate?: (event: UpdateEvent) => unknown;
  readonly onEvaluation?: (event: EvaluationEvent) => unknown;
  readonly onCheckpoint?: (event: CheckpointEvent) => unknown;
  /** Aborted, it stops the training at the next safe point, with its state saved. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether SIGINT, SIGTERM and SIGHUP do the same, and a second one ends the process. By default
   * they do what they did before.
   */
  readonly handleSignals?: boolean;
}

export interface FreshTrainOptions extends TrainOptions {
  /** Empty, or not there yet; by default `runs/<time>-<preset>-<seed>`. */
  readonly directory?: string | undefined;
}

/** What the run's evaluations say of its newest checkpoint. */
export interface Evaluated {
  /** Of which update, seed and data. */
  readonly about: ExamplesAbout;
  /** By the evaluation's name. */
  readonly results: ReadonlyMap<string, EvaluationResult>;
}

/** The main network, as it is used. */
export interface MainNetwork {
  readonly name: string;
  /** Shapes of its inputs by name, of one example. */
  readonly inputs: ReadonlyMap<string, Shape>;
  readonly output: Shape;
}

/** One example or a batch: numbers row by row, or with their shape. */
export type InferInputs = Readonly<Record<string, Float32Array | HostTensor>>;

export interface ReplayOptions {
  /** Is told from which update on it repeats; 0: from the start. */
  readonly onStart?: (from: number) => unknown;
}

/** A network at work on a recording that comes piece by piece; it remembers what it was given. */
export interface OpenStream {
  /** Steps of a piece along the first axis. */
  readonly hop: number;
  /** Steps by which the output lags behind the input. */
  readonly latency: number;
  /** Shapes of a piece of each input, by name. */
  readonly inputs: ReadonlyMap<string, Shape>;
  /** Of which update the weights are. */
  readonly update: number;
  /**
   * Takes the next piece of each input.
   * @returns the next `hop` steps of the output
   * @throws NcnError for an input that is unknown, missing, or of another size
   */
  push(inputs: Readonly<Record<string, Float32Array>>): Promise<Float32Array>;
  /** Forgets: the next piece is the first of another recording. */
  reset(): Promise<void>;
  /** Frees its engine. Again is harmless. */
  close(): Promise<void>;
}

/**
 * An experiment, and the run that it was trained in. It does one thing at a time: what is asked for
 * meanwhile waits, or is refused while it is trained. Errors are those of the command line
 * ({@link NcnError}); nothing is printed, and no signal is handled unless asked for.
 */
export interface Experiment {
  /** Every value of its configuration, with its origin. */
  readonly values: readonly ResolvedValue[];
  /** Of the run: the one that it was opened with, or that it was trained in last. */
  readonly directory: string | undefined;
  /** Checks everything that can be without training, and estimates the time. Writes nothing. */
  plan(): Promise<Plan>;
  /** The main network: what `infer` takes and gives. */
  network(): Promise<MainNetwork>;
  /** Trains it from the beginning, in a directory of its own. */
  train(options?: FreshTrainOptions): Training;
  /**
   * Goes on from the newest whole checkpoint, to the same end as without a break; a run that is
   * finished stays as it is. @throws NcnError where its configuration or data changed
   */
  resume(options?: TrainOptions): Training;
  /** Runs the evaluations on the newest checkpoint; writes nothing. */
  evaluate(): Promise<Evaluated>;
  /**
   * Repeats an update from the checkpoint before it; writes nothing.
   * @returns what it reports, as it did in training @throws NcnError for one that the run has not
   */
  replay(update: number, options?: ReplayOptions): Promise<Metrics>;
  /**
   * Runs the main network with the weights of the newest checkpoint when it is first asked for.
   * @param inputs by the network's name for each: one example, or as many of each
   * @returns [count, …] for batches, the output's own shape for one example
   * @throws NcnError for an input that is unknown, missing, or of another size
   */
  infer(inputs: InferInputs): Promise<HostTensor>;
  /**
   * The main network on a recording that comes in pieces, with the weights of the newest checkpoint
   * and an engine of its own, which is freed by closing the stream. Reads no data.
   * @throws NcnError where the network does not say that it can (`stream` of its definition)
   */
  stream(): Promise<OpenStream>;
  /** What was run, on what, by which versions. */
  manifest(): Promise<Manifest>;
  /** Stops what it does, with the state saved, and frees everything. Again is harmless. */
  close(): Promise<void>;
}
