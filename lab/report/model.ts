/** What a page shows, as plain JSON: made by Node, drawn by the browser. Types only. */

/** Values in order, x and y in turn: x₀, y₀, x₁, y₁, …. */
export type FlatPoints = readonly number[];

export interface LineModel {
  readonly name: string;
  /** Lines of the same colour number have the same colour in all charts. */
  readonly colour: number;
  /** Drawn with dashes: the second of two that belong together. */
  readonly dashed?: boolean;
  /** The values, thinned to those that shape the line. */
  readonly points: FlatPoints;
  /** Means of successive values, where there are too many to see; smoothing begins with these. */
  readonly means?: FlatPoints;
  /** How many values there were before any were left out. */
  readonly count: number;
}

export interface ChartModel {
  readonly id: string;
  readonly title: string;
  readonly section: 'validation' | 'training' | 'schedules';
  /** Whether a logarithmic axis makes sense: all values are above zero. */
  readonly canBeLogarithmic: boolean;
  readonly lines: readonly LineModel[];
}

/** Pictures of several images in rows, and how the outputs changed over the updates. */
export interface SamplesModel {
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  readonly reference: string;
  readonly input: string;
  readonly target: string;
  /** Ascending by update. */
  readonly frames: readonly { readonly update: number; readonly src: string }[];
  /** How many there were before any were left out. */
  readonly available: number;
}

export interface ExampleModel {
  /** Index of the target in the test split. */
  readonly target: number;
  readonly reference: number;
  readonly content: number;
  readonly psnr: number;
  readonly collapseMargin: number;
  /** Four images in a row: input, reference, ground truth, result. */
  readonly src: string;
}

export interface ExampleGroupModel {
  readonly group: 'worst' | 'best' | 'collapsed';
  readonly mode: 'moving' | 'batch';
  readonly examples: readonly ExampleModel[];
}

export interface TestImagesModel {
  readonly update: number;
  readonly images: number;
  readonly groups: readonly ExampleGroupModel[];
  /** Images nearer to the reference than to the target. */
  readonly collapsed: { readonly moving: number; readonly batch: number };
}

export interface StatusModel {
  readonly state: 'running' | 'finished' | 'interrupted' | 'failed' | 'stopped' | 'unknown';
  readonly message?: string;
  readonly update: number;
  readonly totalUpdates: number;
  readonly phase?: string;
  readonly updatesPerSecond?: number;
  readonly secondsLeft?: number;
}

export interface ConfigValueModel {
  readonly path: string;
  /** As JSON. */
  readonly value: string;
  readonly type: string;
  readonly origin: string;
  readonly description: string;
}

/** Names and values to be shown as they are. */
export type Facts = readonly (readonly [name: string, value: string])[];

/** A metric with moving averages and with batch statistics. */
export interface MetricRowModel {
  readonly metric: string;
  readonly label: string;
  readonly moving: number | null;
  readonly batch: number | null;
}

export interface RunModel {
  readonly kind: 'run';
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** What a reader must know about the data. */
  readonly notice?: string;
  readonly status: StatusModel;
  readonly headline: Facts;
  readonly results: readonly {
    readonly evaluation: string;
    readonly update: number;
    readonly rows: readonly MetricRowModel[];
  }[];
  readonly charts: readonly ChartModel[];
  readonly samples?: SamplesModel;
  readonly testImages?: TestImagesModel;
  readonly configuration: readonly ConfigValueModel[];
  readonly environment: Facts;
  readonly command: string;
  /** What could not be read, for people. */
  readonly problems: readonly string[];
}

export interface GroupModel {
  readonly label: string;
  readonly colour: number;
  /** Indexes into the runs. */
  readonly runs: readonly number[];
}

export interface ComparedRunModel {
  readonly id: string;
  readonly label: string;
  readonly preset: string;
  readonly seed: number;
  readonly group: number;
  readonly state: StatusModel['state'];
  readonly update: number;
  readonly samples?: SamplesModel;
  /** Address of the run's own page, where there is one. */
  readonly href?: string;
}

export interface IntervalModel {
  readonly n: number;
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
}

/** Which values of a metric are the better ones; null where it says nothing of the networks. */
export type Better = 'lower' | 'higher' | null;

export interface MetricTableRow {
  readonly metric: string;
  readonly label: string;
  readonly mode: 'moving' | 'batch';
  readonly better: Better;
  /** One a group; null where no run of the group has it. */
  readonly groups: readonly (IntervalModel | null)[];
}

/** A group against the first one, on the test images that both denoised. */
export interface PairedModel {
  readonly group: number;
  readonly metric: string;
  readonly label: string;
  readonly mode: 'moving' | 'batch';
  readonly better: Better;
  readonly images: number;
  readonly seeds: readonly number[];
  /** This group minus the first one. */
  readonly difference: number;
  readonly interval: readonly [number, number] | null;
  /** Cohen's d of the differences. */
  readonly effect: number | null;
  readonly tP: number | null;
  readonly wilcoxonP: number;
  /** Wilcoxon's p after Holm's adjustment over all rows. */
  readonly adjustedP: number;
}

export interface ComparisonModel {
  readonly kind: 'comparison';
  readonly title: string;
  readonly notices: readonly string[];
  readonly runs: readonly ComparedRunModel[];
  readonly groups: readonly GroupModel[];
  /** Values that differ between the groups, one value a group; null where there is no such. */
  readonly differences: readonly {
    readonly path: string;
    readonly description: string;
    readonly values: readonly (string | null)[];
  }[];
  readonly metrics: readonly MetricTableRow[];
  readonly paired: readonly PairedModel[];
  /** Why there is no paired test, or less of it than one would expect. */
  readonly pairedNotes: readonly string[];
  readonly charts: readonly ChartModel[];
  readonly problems: readonly string[];
}

/** A run in the list of `ncn watch`. */
export interface ListedRunModel {
  readonly id: string;
  readonly href: string;
  readonly preset: string;
  readonly profile: string;
  readonly seed: number;
  readonly created: string;
  readonly status: StatusModel;
  readonly content?: number;
  readonly psnr?: number;
  /** The newest picture of outputs. */
  readonly thumbnail?: string;
  readonly problem?: string;
}

export interface ListModel {
  readonly kind: 'list';
  readonly title: string;
  readonly runs: readonly ListedRunModel[];
}

export type PageModel = RunModel | ComparisonModel | ListModel;

/** What the page is built with besides its model. */
export interface PageSettings {
  /** Where to ask for a newer model; absent in a file. */
  readonly live?: string;
  /** Address of the list of runs; absent in a file. */
  readonly home?: string;
  readonly version: string;
}
