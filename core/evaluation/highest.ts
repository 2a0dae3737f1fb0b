import type { HostTensor } from '../engine/types.js';

/** One example of an evaluation with what the network was given and gave. */
export interface KeptExample {
  /** Position among the examples of the evaluation. */
  readonly position: number;
  /** What the augmentation made, by role, and `output`. */
  readonly signals: ReadonlyMap<string, HostTensor>;
}

/** Keeps the examples with the highest scores, of as many as are offered. */
export class HighestScores {
  readonly #limit: number;
  readonly #kept: { readonly score: number; readonly example: KeptExample }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param example is asked for only where it is kept; NaN is never kept */
  offer(score: number, example: () => KeptExample): void {
    if (Number.isNaN(score)) return;
    const full = this.#kept.length >= this.#limit;
    if (full && score <= (this.#kept.at(-1)?.score ?? -Infinity)) return;
    // After its equals: of equal scores, the first that were offered stay.
    const at = this.#kept.findIndex((kept) => kept.score < score);
    this.#kept.splice(at < 0 ? this.#kept.length : at, 0, { score, example: example() });
    this.#kept.length = Math.min(this.#kept.length, this.#limit);
  }

  /** Highest first. */
  get examples(): readonly KeptExample[] {
    return this.#kept.map(({ example }) => example);
  }
}
