import type { Medium } from '../data/medium.js';
import type { Dataset, DatasetProvider, Shape } from '../data/types.js';
import type { HostTensors } from '../engine/types.js';
import type { Services } from '../services/services.js';
import type {
  Augmentation,
  GradientTransform,
  LossTerm,
  NetworkDefinition,
  Optimizer,
  Phase,
  ScheduleReplacement,
  StateTransform,
} from '../step/types.js';

import type { Metrics, RunControl, RunInfo } from './run-info.js';

export type * from './evaluations.js';
export type * from './run-info.js';

/** Payloads of the build hooks: each takes contributions of one kind. */

export interface ConfigurationPayload {
  /** A resolved value by its path, such as `loss.content.weight`; undefined where there is none. */
  readonly value: (path: string) => unknown;
  /** Who set it: `preset conditional_v5`, `profile quick`, `command line`, `default`, … */
  readonly origin: (path: string) => string | undefined;
  /** Refuses the configuration: the run ends before anything is written. */
  readonly reject: (path: string, reason: string) => never;
  /** Adds a line to what the run prints at its start. */
  readonly note: (text: string) => void;
}

export interface ServicesPayload {
  readonly services: Services;
}

export interface DatasetsPayload {
  /** Offers a data set for `--dataset NAME`; `default`: also where the user names none. */
  readonly add: (provider: DatasetProvider, more?: { readonly default?: boolean }) => void;
}

export interface MediaPayload {
  /** Offers a medium; of those that fit a signal, the first is used. */
  readonly add: (medium: Medium) => void;
}

export interface DatasetPayload {
  /** The data set as it is now. */
  readonly dataset: Dataset;
  /** Puts another in its place: a part of it, say. */
  readonly replace: (dataset: Dataset) => void;
  /** Chooses which training examples make a batch; by default shuffled epochs. */
  readonly sample: (sampler: Sampler) => void;
}

/**
 * Indexes of the training examples of one batch.
 * @param stream names the purpose (phase, batch of the update, sequence of examples)
 * @param update 1, 2, … in the phase
 */
export type Sampler = (stream: string, update: number, batchSize: number) => Uint32Array;

export interface AugmentationPayload {
  /** @throws NcnError when another plugin has set one */
  readonly set: <Taken extends string, Drawn extends string, Made extends string>(
    augmentation: Augmentation<Taken, Drawn, Made>,
  ) => void;
  /** Shapes of the data set's signals. */
  readonly signals: Readonly<Record<string, Shape>>;
}

export interface NetworksPayload {
  /** @throws NcnError when another plugin provides a network of this name */
  readonly add: <Input extends string>(network: NetworkDefinition<Input>) => void;
  /** Shapes of what the augmentation makes, by role. */
  readonly roles: ReadonlyMap<string, Shape>;
}

export interface LossesPayload {
  readonly add: (term: LossTerm) => void;
  /** Name of the main network. */
  readonly main: string;
}

export interface OptimizersPayload {
  /** Gives a network its optimizer. `networks` lists those that want one. */
  readonly set: (network: string, optimizer: Optimizer) => void;
  /** Puts another optimizer in the place of each network's, made of it; done when all are set. */
  readonly wrap: (change: (optimizer: Optimizer, network: string) => Optimizer) => void;
  readonly networks: readonly string[];
}

export interface PhasesPayload {
  /** Adds a phase at the end, or before the named one. */
  readonly add: (phase: Phase, before?: string) => void;
  /** The phases so far, in order. */
  readonly phases: readonly Phase[];
  /** Number of updates of the main phase (`--updates`). */
  readonly updates: number;
  /** Name of the main network. */
  readonly main: string;
}

export interface TransformsPayload {
  readonly gradients: (transform: GradientTransform) => void;
  readonly state: (transform: StateTransform) => void;
  /** Name of the main network. */
  readonly main: string;
}

export interface SchedulesPayload {
  /** Scalars of the step whose schedule can be replaced, such as `weight/generator/content`. */
  readonly scalars: readonly string[];
  /** The replacement is told the update within its phase, and the value declared for it. */
  readonly replace: (scalar: string, schedule: ScheduleReplacement) => void;
}

/** Payloads of the run hooks: plain numbers and read-only views. */

export interface RunStartPayload {
  readonly run: RunInfo;
  readonly control: RunControl;
  /** Sets how many checkpoints are kept. */
  readonly keepCheckpoints: (count: number) => void;
}

export interface TrainingEndPayload {
  readonly run: RunInfo;
  /** Updates done. */
  readonly update: number;
  readonly control: RunControl;
  /** Weights, statistics and what follows them, by name: read from the device. */
  readonly state: () => Promise<HostTensors>;
}

export interface RunEndPayload {
  readonly run: RunInfo;
  readonly update: number;
  /** Final metrics, for the summary; plugins may add to it. */
  readonly summary: Map<string, number | string>;
}

export interface PhasePayload {
  readonly run: RunInfo;
  readonly phase: Phase;
  /** Global update number at which the phase starts or ended. */
  readonly update: number;
  readonly resumed: boolean;
}

export interface UpdatePayload {
  readonly run: RunInfo;
  readonly phase: Phase;
  /** Number of the update over the whole run: 1, 2, … */
  readonly update: number;
  /** Number of the update within its phase: 1, 2, … */
  readonly phaseUpdate: number;
  /** Values of the step's scalars: loss weights, what optimizers need. */
  readonly scalars: ReadonlyMap<string, number>;
  /** The inputs of the update, as they go to the engine: signals and random draws, by name. */
  readonly batch: () => HostTensors;
  /** Learning rates by network, of optimizers that tell theirs. */
  readonly learningRates: () => ReadonlyMap<string, number>;
  readonly control: RunControl;
}

export interface NetworkUpdatePayload extends UpdatePayload {
  readonly network: string;
  /** Position in the phase's order. */
  readonly index: number;
}

export interface UpdateEndPayload extends UpdatePayload {
  /** Losses and other numbers of this update. The first call reads them from the device. */
  readonly metrics: () => Promise<Metrics>;
  /** Wall time of the update, seconds. */
  readonly seconds: number;
}

export interface CheckpointSavePayload {
  readonly update: number;
  /** Saves a plugin's state; it must be JSON. */
  readonly save: (plugin: string, state: unknown) => void;
}

export interface CheckpointRestorePayload {
  readonly update: number;
  /** What the plugin saved; undefined where it saved nothing. */
  readonly state: (plugin: string) => unknown;
}

export interface CheckpointSavedPayload {
  readonly update: number;
  readonly path: string;
  readonly contentHash: string;
}

export interface InterruptionPayload {
  readonly run: RunInfo;
  readonly update: number;
  readonly signal: string;
}

export interface FailurePayload {
  readonly run: RunInfo;
  readonly update: number;
  readonly error: unknown;
}
