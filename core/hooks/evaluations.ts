import type { EvaluatedBatch } from '../evaluation/batch.js';
import type { Measured } from '../evaluation/measure.js';
import type { Metric, MetricDeclaration } from '../evaluation/metric.js';
import type { PerExampleResult } from '../evaluation/per-example.js';
import type { Dataset } from '../data/types.js';
import type { HostTensor } from '../engine/types.js';
import type { Metrics, RunControl, RunInfo } from './run-info.js';

export interface EvaluationResult {
  /** By name: those of the experiment, and those that the evaluation declares. */
  readonly metrics: Metrics;
  /** Examples to be shown: the same at every evaluation, but for the output. */
  readonly shown?: EvaluatedBatch;
  /** Values of each example, and some of the examples, to compare runs example by example. */
  readonly perExample?: PerExampleResult;
}

export interface EvaluationPayload {
  readonly run: RunInfo;
  readonly name: string;
  readonly update: number;
  readonly control: RunControl;
}

export interface EvaluationEndPayload extends EvaluationPayload {
  readonly result: EvaluationResult;
  /**
   * Looks inside the networks as they are now. It costs about one update on 16 examples, when it is
   * first called, and changes nothing.
   */
  readonly inspect: () => Promise<Inspection>;
  /**
   * Leaves work that needs no more than is known now, such as drawing pictures, for while the next update runs (the second
   * one, where none ran yet: people wait for the first). It is done before the next evaluation, checkpoint and end of the
   * run; what it throws ends the run as the plugin's failure.
   * @throws Error when no tap of this hook is running any more
   */
  readonly meanwhile: (work: () => Promise<void>) => void;
}

/** The inside of the networks, on a fixed batch of training examples; by name as in a checkpoint. */
export interface Inspection {
  /** Weights and moving averages of every network: `generator/conv1/kernel`. */
  readonly parameters: ReadonlyMap<string, HostTensor>;
  /** Gradients of the whole loss of each network that the phase updates, for each weight. */
  readonly gradients: ReadonlyMap<string, HostTensor>;
  /**
   * What each layer of these networks gives (before the nonlinearity that follows), for the first 4
   * examples: `generator/conv1`; `/2`, … is added for further passes in the same update.
   */
  readonly activations: ReadonlyMap<string, HostTensor>;
}

/** An evaluation that a plugin offers and `control.evaluate(name)` runs. */
export interface Evaluation {
  readonly name: string;
  /** What it reports beside the experiment's metrics. */
  readonly metrics?: readonly MetricDeclaration[];
  /** Must be the same for the same state and seed, and await `context.safePoint()` now and then. */
  readonly run: (context: EvaluationContext) => Promise<EvaluationResult>;
  /** About how many examples it will see in the whole of a run, for the estimate of its time. */
  readonly examples?: (run: { readonly updates: number; readonly phases: number }) => number;
  /** The most examples that it has in a batch, for the estimate of the run's memory. */
  readonly batch?: number;
}

/** What an evaluation works with. Its functions need no `this`. */
export interface EvaluationContext {
  /** Rejects when a signal asks the run to stop; await it between batches. */
  readonly safePoint: () => Promise<void>;
  readonly dataset: Dataset;
  /** Name of the main network. */
  readonly main: string;
  /** Names of the augmentation's sequences of examples, each of which has its own indexes. */
  readonly sequences: readonly string[];
  /**
   * Puts examples together as in training, with fixed draws, and runs the main network on them.
   * @throws NcnError for an unknown draw, weights that nobody keeps, or indexes that are missing
   */
  readonly batch: (request: BatchRequest) => Promise<EvaluatedBatch>;
  /**
   * Runs any network on any tensors, any number of times: what it gives, [count, …].
   * @throws NcnError for an unknown network or inputs that do not fit
   */
  readonly infer: (request: InferRequest) => Promise<HostTensor>;
  /** The experiment's metrics, on every example of a batch. */
  readonly measure: (batch: EvaluatedBatch) => Promise<Measured>;
  /** Those metrics. */
  readonly metrics: readonly Metric[];
}

export interface BatchRequest {
  /** Default `test`. */
  readonly split?: 'train' | 'test';
  /** Indexes into the split by sequence, equally many of each. */
  readonly examples: Readonly<Record<string, Uint32Array>>;
  /** Values of draws by name; others are drawn from `stream`. */
  readonly draws?: Readonly<Record<string, number>>;
  /** Random stream of what is drawn. */
  readonly stream: string;
  /** Position in the stream, so that batches differ. */
  readonly position: number;
  /**
   * Name of the state transform whose weights the network uses; null: its own. By default those of
   * the transform that is `evaluated`, where there is one.
   */
  readonly weights?: string | null;
}

export interface InferRequest {
  /** Default: the main network. */
  readonly network?: string;
  /** By the network's name for it, [count, …the declared shape] each. */
  readonly inputs: Readonly<Record<string, HostTensor>>;
  /** Which statistics normalisation uses; default `moving`, the averages. */
  readonly normalisation?: 'moving' | 'batch';
  /** As for a batch; of the main network only. */
  readonly weights?: string | null;
}

export interface MetricsPayload {
  /** @throws NcnError when another plugin offers a metric of this name */
  readonly add: (metric: Metric) => void;
  /** Those so far. */
  readonly metrics: readonly Metric[];
}

export interface EvaluationsPayload {
  readonly add: (evaluation: Evaluation) => void;
  /** Those so far, by name. */
  readonly evaluations: ReadonlyMap<string, Evaluation>;
}
