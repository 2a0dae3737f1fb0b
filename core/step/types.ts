import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { RandomSequence } from '../random/streams.js';
import type { Layers } from './layers.js';

/** Images of a batch by role, each [batch, height, width, channels] in [0, 1]. */
export type Images = Readonly<Record<string, Tensor4D>>;

/** A random input that an augmentation or a loss term asks for; drawn afresh for every batch. */
export interface Draw {
  /** One number for the batch, one per image ([B,1,1,1]), or one per pixel ([B,H,W,1]). */
  readonly per: 'batch' | 'image' | 'pixel';
  /** Uniform in [low, high). */
  readonly low: number;
  readonly high: number;
}

export interface AugmentedBatch {
  /** The mixture that the network sees. */
  readonly input: Tensor4D;
  /** The reference as the network sees it. */
  readonly reference: Tensor4D;
  /** What the output should equal. */
  readonly target: Tensor4D;
}

export interface Augmentation {
  readonly name: string;
  readonly draws: Readonly<Record<string, Draw>>;
  /** A pure function of tf.js operations. @param draws by name, shaped to broadcast over images */
  readonly apply: (
    images: { readonly target: Tensor4D; readonly reference: Tensor4D },
    draws: ReadonlyMap<string, Tensor>,
    mode: 'train' | 'evaluate',
  ) => AugmentedBatch;
}

/** How a parameter starts: fills `out` (row-major) for the given shape. */
export type Initializer = (
  out: Float32Array,
  shape: readonly number[],
  random: RandomSequence,
) => void;

export interface ParameterSpec {
  /** Within its network: `conv1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** `weight`: learned; `statistic`: a moving average or another buffer, not learned. */
  readonly role: 'weight' | 'statistic';
}

export interface NetworkDefinition {
  /** `generator`, `discriminator`, … */
  readonly name: string;
  /** Channels of each input image, by role. */
  readonly inputs: Readonly<Record<string, number>>;
  /** A pure function of tf.js operations and layers. */
  readonly forward: (layers: Layers, inputs: Images) => Tensor4D;
}

/** A value that may change with the update number (1, 2, … within its phase). */
export type Schedule = (update: number) => number;

/**
 * Replaces the schedule of a scalar.
 * @param declared the value that it has otherwise
 */
export type ScheduleReplacement = (update: number, declared: number) => number;

/** What a loss term sees: one batch, and the networks. */
export interface LossContext extends AugmentedBatch {
  /** generator(input, reference), computed once per update. */
  readonly output: Tensor4D;
  /** Runs a network in training mode; computed once for the same inputs. */
  readonly run: (network: string, inputs: Images) => Tensor4D;
  /** Reports a further number beside the loss. */
  readonly metric: (name: string, value: Scalar) => void;
  /** A random input that the term declares in `draws`: 0-D, [B,1,1,1] or [B,H,W,1]. */
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
  /** Numbers for one step, computed in double precision. @param step 1, 2, … in this phase */
  readonly scalars: (step: number) => Readonly<Record<string, number>>;
  /** The learning rate as it is configured, for those who watch. @param step as for `scalars` */
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
  /** Called once per update, after all network updates; state starts as a copy of the network. */
  readonly apply: (
    state: ReadonlyMap<string, Tensor>,
    network: ReadonlyMap<string, Tensor>,
  ) => ReadonlyMap<string, Tensor>;
}

/** Everything that the build hooks contributed. */
export interface Blueprint {
  readonly augmentation: Augmentation;
  readonly networks: ReadonlyMap<string, NetworkDefinition>;
  readonly losses: readonly LossTerm[];
  readonly optimizers: ReadonlyMap<string, Optimizer>;
  readonly phases: readonly Phase[];
  readonly gradientTransforms: readonly GradientTransform[];
  readonly stateTransforms: readonly StateTransform[];
  /** Schedules that replace that of a scalar of the step (`weight/generator/content`). */
  readonly schedules: ReadonlyMap<string, ScheduleReplacement>;
  /** Height and width of the images. */
  readonly imageSize: readonly [number, number];
}
