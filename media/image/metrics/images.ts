/** Images of an evaluation, pixels in [0, 1], count × height × width. */
export interface EvaluationImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly input: Float32Array;
  /** The reference as the network saw it. */
  readonly reference: Float32Array;
  readonly target: Float32Array;
  readonly output: Float32Array;
}

/** Images of an evaluation in both modes of batch normalisation. */
export interface DenoisedImages extends EvaluationImages {
  /** Output with batch statistics instead of moving averages. */
  readonly outputBatch: Float32Array;
}
