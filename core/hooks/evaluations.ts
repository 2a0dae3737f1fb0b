import type { Dataset } from '../data/types.js';
import type { HostTensor } from '../engine/types.js';
import type { DenoisedImages, EvaluationImages } from '../../media/image/metrics/images.js';
import type { PerImageResult } from '../../media/image/metrics/per-image.js';
import type { Metrics, RunControl, RunInfo } from './payloads.js';

export interface EvaluationResult {
  readonly metrics: Metrics;
  readonly images?: EvaluationImages;
  /** Values of each image, and some of the images, to compare runs image by image. */
  readonly perImage?: PerImageResult;
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
   * Looks inside the networks as they are now. It costs about one update on 16 images, when it is
   * first called, and changes nothing.
   */
  readonly inspect: () => Promise<Inspection>;
}

/** The inside of the networks, on a fixed batch of training images; by name as in a checkpoint. */
export interface Inspection {
  /** Weights and moving averages of every network: `generator/conv1/kernel`. */
  readonly parameters: ReadonlyMap<string, HostTensor>;
  /** Gradients of the whole loss of each network that the phase updates, for each weight. */
  readonly gradients: ReadonlyMap<string, HostTensor>;
  /**
   * What each layer of these networks gives (before the nonlinearity that follows), for the first 4
   * images: `generator/conv1`; `/2`, … is added for further passes in the same update.
   */
  readonly activations: ReadonlyMap<string, HostTensor>;
}

/** An evaluation that a plugin offers and `control.evaluate(name)` runs. */
export interface Evaluation {
  readonly name: string;
  /** Must be the same for the same state and seed, and await `context.safePoint()` now and then. */
  readonly run: (context: EvaluationContext) => Promise<EvaluationResult>;
  /** About how many images it will see in the whole of a run, for the estimate of its time. */
  readonly images?: (run: { readonly updates: number; readonly phases: number }) => number;
}

export interface EvaluationContext {
  /** Rejects when a signal asks the run to stop; await it between batches. */
  readonly safePoint: () => Promise<void>;
  /**
   * Augments images of the test split with fixed draws and runs the generator on them.
   * Inputs are indexes into the test split.
   */
  readonly denoise: (request: DenoiseRequest) => Promise<DenoiseResult>;
  /** The metrics that plugins offer in the hook `metrics`, as means over these images. */
  readonly measure: (images: EvaluationImages) => ReadonlyMap<string, number>;
  readonly dataset: Dataset;
}

export interface DenoiseRequest {
  readonly targets: Uint32Array;
  readonly references: Uint32Array;
  /** Values of draws per batch, and the seed stream for draws per image or pixel. */
  readonly draws: Readonly<Record<string, number>>;
  readonly stream: string;
  /** Position in the stream, so that batches differ. */
  readonly position: number;
  /**
   * Name of the state transform whose weights the generator uses; null: its own. By default those
   * of the transform that is `evaluated`, where there is one.
   */
  readonly weights?: string | null;
}

export interface DenoiseResult extends DenoisedImages {
  /** The reference image as it is in the data set. */
  readonly plainReference: Float32Array;
}

/** A number that says how good outputs are. Every evaluation reports it, wherever metrics go. */
export interface ImageMetric {
  /** As it appears behind the evaluation's name: `fixed/edges`. */
  readonly name: string;
  /** Mean over the images of the batch; batches are averaged by their numbers of images. */
  readonly value: (images: EvaluationImages) => number;
}

export interface MetricsPayload {
  /** @throws NcnError when another plugin offers a metric of this name */
  readonly add: (metric: ImageMetric) => void;
  /** Names so far. */
  readonly metrics: readonly string[];
}

export interface EvaluationsPayload {
  readonly add: (evaluation: Evaluation) => void;
}
