/** Sides of a signal of one example: `[28, 28, 1]`, `[16000, 1]`; a batch has one more, in front. */
export type Shape = readonly number[];

/**
 * The examples of one split. Each consists of named float32 signals, the same for all, which are
 * computed or copied when they are asked for.
 */
export interface Examples {
  readonly count: number;
  /** Shapes of an example's signals, by name. */
  readonly signals: Readonly<Record<string, Shape>>;
  /**
   * Writes signals of some examples, each row-major, one example after the other; an index may
   * repeat. Equal indexes give equal values, whatever was read before.
   * @param out the signals that are wanted, by name: indexes.length × the signal's size each
   */
  read(indexes: Uint32Array, out: Readonly<Record<string, Float32Array>>): void | Promise<void>;
}

export interface Dataset {
  /** As the user names it: `digits`, `idx:DIR`, …. */
  readonly name: string;
  readonly train: Examples;
  readonly test: Examples;
  /** SHA-256 (hex) of what the examples are, so that two runs can be told to have had the same. */
  readonly hash: string;
  /** Where it came from, for people: a folder, or `generated, seed 1`. */
  readonly source: string;
  /** Something that every table and picture made from this data must say (a fallback, say). */
  readonly notice?: string;
  /** Bytes that it will take beside what it holds when it is loaded, for the plan. */
  readonly memory?: number;
  /** Frees what it holds: workers, open files. */
  readonly close?: () => Promise<void>;
}

export interface DatasetRequest {
  /** `auto`, or a data set's name, perhaps with `:ARGUMENT`. */
  readonly name: string;
  /** Folder with files (`--data`), where the user gave one. */
  readonly dir?: string;
  /** Tells the user what happens: progress of a download, a fallback. */
  readonly report?: (message: string) => void;
}

/** How one data set is obtained. */
export interface DatasetProvider {
  readonly name: string;
  /** One line for `ncn data`. */
  readonly summary: string;
  load(request: DatasetRequest): Promise<Dataset>;
  /** What `load` would give, without reading or making any of it: to look at an experiment. */
  outline?(request: DatasetRequest): Dataset;
}
