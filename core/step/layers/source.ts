import type { Tensor } from '@tensorflow/tfjs-core';
import type { BatchMoments } from '../batch-norm.js';
import type { Initializer } from '../parameters.js';

/**
 * Where layers find their parameters. One implementation declares them (and computes nothing
 * heavy), another binds them to the tensors of a state.
 */
export interface ParameterSource {
  /** The tensor of a weight. The first call with a name decides; a second must agree in shape. */
  weight(name: string, shape: readonly number[], initializer: Initializer): Tensor;
  statistic(name: string, shape: readonly number[], initializer: Initializer): Tensor;
  /** Replaces x by a cheap stand-in of this shape where only shapes matter. */
  standIn?(shape: readonly number[], multiplyAdds: number): Tensor;
  /** `batch`: normalise with the batch's statistics; `moving`: with the moving averages. */
  readonly normalisation: 'batch' | 'moving';
  /** Is told the batch's statistics, to move the averages, and how much of the old ones to keep. */
  moments(name: string, moments: BatchMoments, momentum: number): void;
  /** Is told the next value of a buffer. */
  assign(name: string, value: Tensor): void;
  /**
   * Where a recording comes in pieces: the last `steps` of what came before x along axis 1, zeros at
   * the start. Absent where x is a whole recording.
   */
  past?(name: string, x: Tensor, steps: number): Tensor;
  /** Is told what each layer gives, where someone looks inside the network. */
  observe?(name: string, output: Tensor): void;
}
