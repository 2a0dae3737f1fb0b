/** One image of an evaluation with what the network was given; pixels in [0, 1], height × width. */
export interface Example {
  /** Position among the images of the evaluation. */
  readonly position: number;
  readonly input: Float32Array;
  /** The reference as the network saw it. */
  readonly reference: Float32Array;
  readonly target: Float32Array;
  readonly output: Float32Array;
}

/** Keeps the images with the highest scores, of as many as are offered. */
export class HighestScores {
  readonly #limit: number;
  readonly #kept: { readonly score: number; readonly example: Example }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param example is asked for only where the image is kept; NaN is never kept */
  offer(score: number, example: () => Example): void {
    if (Number.isNaN(score)) return;
    const full = this.#kept.length >= this.#limit;
    if (full && score <= (this.#kept.at(-1)?.score ?? -Infinity)) return;
    // After its equals: of equal scores, the first that were offered stay.
    const at = this.#kept.findIndex((kept) => kept.score < score);
    this.#kept.splice(at < 0 ? this.#kept.length : at, 0, { score, example: example() });
    this.#kept.length = Math.min(this.#kept.length, this.#limit);
  }

  /** Highest first. */
  get examples(): readonly Example[] {
    return this.#kept.map(({ example }) => example);
  }
}
