import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '../data/types.js';
import type { Layers } from './layers.js';

export type { Initializer, ParameterSpec } from './parameters.js';

/** Tensors of a batch by role, each [batch, …the signal's shape]. */
export type Signals<Role extends string = string> = Readonly<Record<Role, Tensor>>;

/** Which numbers a draw gives. */
export type Distribution =
  /** Uniform in [low, high). */
  | { readonly distribution?: 'uniform'; readonly low: number; readonly high: number }
  | { readonly distribution: 'normal'; readonly mean: number; readonly deviation: number }
  /** 1 with this probability, else 0. */
  | { readonly distribution: 'bernoulli'; readonly probability: number }
  /** One of these, all as likely. */
  | { readonly distribution: 'choice'; readonly values: readonly number[] };

/** A random input that an augmentation or a loss term asks for; drawn afresh for every batch. */
export type Draw = Distribution & {
  /**
   * One number for the batch, one for each example (shaped [batch, 1, …] to broadcast over the
   * signal), or one for each element of the signal.
   */
  readonly per: 'batch' | 'example' | 'element';
  /**
   * The signal whose shape it follows: of an augmentation, what it takes (the first by default); of
   * a loss term, a role of the batch or `output` (the default).
   */
  readonly of?: string;
};

/** A signal that an augmentation takes from the data set. */
export interface Take {
  /** Name in the data set. */
  readonly signal: string;
  /**
   * Takes of one sequence see the same examples, those of another have examples of their own: a
   * picture and another as reference. Default `example` for all.
   */
  readonly sequence?: string;
}

/** What a batch consists of: how signals of the data set become what networks and losses see. */
export interface Augmentation<
  Taken extends string = string,
  Drawn extends string = string,
  Made extends string = string,
> {
  readonly name: string;
  /** By the name under which `apply` sees it. */
  readonly takes: Readonly<Record<Taken, Take>>;
  readonly draws: Readonly<Partial<Record<Drawn, Draw>>>;
  /** The roles that it makes; their shapes are found by trying it. */
  readonly makes: readonly Made[];
  /** A pure function of tf.js operations. */
  apply(signals: Signals<Taken>, draws: Signals<Drawn>, mode: 'train' | 'evaluate'): Signals<Made>;
}

/** Shapes of what a batch consists of, without the batch. */
export interface BatchShapes {
  /** What the augmentation takes, by its name for it. */
  readonly taken: ReadonlyMap<string, Shape>;
  /** What it makes, by role; and `output`, what the main network gives. */
  readonly made: ReadonlyMap<string, Shape>;
}

export interface NetworkDefinition<Input extends string = string> {
  /** `generator`, `discriminator`, … */
  readonly name: string;
  /**
   * Whether it is what the experiment is for: evaluated, exported, and run by `ncn denoise`. One
   * network must be; where there is only one, it is.
   */
  readonly main?: boolean;
  /**
   * What it sees, by the name under which `forward` has it: a role of the batch, or `output`, whose
   * shape it has, or a shape of its own. The main network is given the roles named here.
   */
  readonly inputs: Readonly<Record<Input, string | Shape>>;
  /**
   * Axes of its inputs (0: the first behind the batch) along which it works for any length: examples
   * of the test split may then be longer than those of training.
   */
  readonly anyLength?: readonly number[];
  /**
   * Where it can run piece by piece: steps of a piece along axis 0 of its inputs, and by how many
   * steps what it gives lags behind.
   */
  readonly stream?: { readonly hop: number; readonly latency: number };
  /** A pure function of tf.js operations and layers. */
  forward(layers: Layers, inputs: Signals<Input>): Tensor;
}

/** A value that may change with the update number (1, 2, … within its phase). */
export type Schedule = (update: number) => number;

/**
 * Replaces the schedule of a scalar.
 * @param declared the value that it has otherwise
 */
export type ScheduleReplacement = (update: number, declared: number) => number;

/** What a loss term sees: one batch, and the networks. */
export interface LossContext {
  /** What the augmentation made, by role. */
  readonly signals: Signals;
  /** One of them. @throws NcnError for a role that the augmentation does not make */
  readonly signal: (role: string) => Tensor;
  /** What the main network gives for this batch, computed once per update. */
  readonly output: Tensor;
  /**
   * Runs a network in training mode; computed once for the same inputs. Inputs that it does not
   * declare are ignored.
   */
  readonly run: (network: string, inputs: Signals) => Tensor;
  /** Reports a further number beside the loss. */
  readonly metric: (name: string, value: Scalar) => void;
  /** A random input that the term declares in `draws`. */
  readonly draw: (name: string) => Tensor;
}

export interface LossTerm {
  /** Unique within its network; the metric is named after it. */
  readonly name: string;
  /** Whose update minimises it. */
  readonly network: string;
  readonly weight: Schedule;
  /** Random inputs, drawn afresh for every update of the network; `context.draw(name)` gives them. */
  readonly draws?: Readonly<Record<string, Draw>>;
  /**
   * A pure function of tf.js operations giving a 0-D tensor. It may differentiate a network with
   * `tf.grad` (a gradient penalty).
   */
  readonly value: (context: LossContext) => Scalar;
}

export interface OptimizerStep {
  /** Of the weight, with its network: `generator/conv1/kernel`. */
  readonly name: string;
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly slots: ReadonlyMap<string, Tensor>;
  /** Numbers from `scalars`, as 0-D tensors. */
  readonly scalars: ReadonlyMap<string, Scalar>;
}

export interface Optimizer {
  readonly name: string;
  /** State kept per weight, zero at the start. */
  readonly slots: readonly string[];
  /**
   * Numbers for one step, computed in double precision.
   * @param step of this optimizer, 1, 2, … in this phase: what corrects a bias counts these
   * @param update of this phase, 1, 2, …, in which it is: schedules count these. A network may be
   * updated several times in one
   */
  readonly scalars: (step: number, update: number) => Readonly<Record<string, number>>;
  /** The learning rate as it is configured, by update of the phase, for those who watch. */
  readonly learningRate?: Schedule;
  apply(step: OptimizerStep): {
    readonly value: Tensor;
    readonly slots: ReadonlyMap<string, Tensor>;
  };
}

/** One network's update within an update of a phase. */
export interface NetworkUpdate {
  readonly network: string;
  /** Which of the update's batches it uses: 0, 1, …; equal numbers share a batch. */
  readonly batch: number;
  /** Names of the loss terms to minimise; all of the network's by default. */
  readonly terms?: readonly string[];
}

export interface Phase {
  readonly name: string;
  /** How many updates the phase lasts. */
  readonly updates: number;
  /** The network updates that make one update, in order. */
  readonly order: readonly NetworkUpdate[];
}

/** Changes the gradients of a network before its optimizer sees them (clipping, say). */
export interface GradientTransform {
  readonly name: string;
  readonly apply: (
    network: string,
    gradients: ReadonlyMap<string, Tensor>,
  ) => ReadonlyMap<string, Tensor>;
}

/** Extra state that follows the networks (an average of the weights, say). */
export interface StateTransform {
  readonly name: string;
  /** Network whose weights and statistics it follows. */
  readonly network: string;
  /** Whether evaluations and `ncn denoise` use this state in place of the network's own. */
  readonly evaluated?: boolean;
  /** Numbers that change with the update. @param update 1, 2, … of the run, over all its phases */
  readonly scalars?: (update: number) => Readonly<Record<string, number>>;
  /**
   * Called once per update, after all network updates; state starts as a copy of the network.
   * @param scalars numbers from `scalars`, as 0-D tensors
   */
  readonly apply: (
    state: ReadonlyMap<string, Tensor>,
    network: ReadonlyMap<string, Tensor>,
    scalars: ReadonlyMap<string, Scalar>,
  ) => ReadonlyMap<string, Tensor>;
}

/** Everything that the build hooks contributed. */
export interface Blueprint {
  readonly augmentation: Augmentation;
  readonly shapes: BatchShapes;
  readonly networks: ReadonlyMap<string, NetworkDefinition>;
  /** Name of the main network. */
  readonly main: string;
  readonly losses: readonly LossTerm[];
  readonly optimizers: ReadonlyMap<string, Optimizer>;
  readonly phases: readonly Phase[];
  readonly gradientTransforms: readonly GradientTransform[];
  readonly stateTransforms: readonly StateTransform[];
  /** Schedules that replace that of a scalar of the step (`weight/generator/content`). */
  readonly schedules: ReadonlyMap<string, ScheduleReplacement>;
}
