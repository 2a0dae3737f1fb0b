/** What a page shows, as plain JSON: made by Node, drawn by the browser. Types only. */

import type { IntervalModel, MetricModel, SeedsModel } from './metric-model.js';

export type { Better, IntervalModel, MetricModel, SeedsModel } from './metric-model.js';

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
  readonly format: MetricModel['format'];
  /** Whether a logarithmic axis makes sense: all values are above zero. */
  readonly canBeLogarithmic: boolean;
  readonly lines: readonly LineModel[];
}

/** A signal of the examples that are shown. */
export interface SampleRoleModel {
  readonly role: string;
  /** For people. */
  readonly label: string;
  /** Of one tile of its sheet. */
  readonly width: number;
  readonly height: number;
}

/** A sheet of examples in rows and, of what can be played, a file of each. */
export interface SheetModel {
  readonly src: string;
  /** Empty where nothing can be played, or not here; an empty address where one is lost or damaged. */
  readonly files: readonly string[];
}

/** Pictures of several examples in rows, and how the outputs changed over the updates. */
export interface SamplesModel {
  /** `Images`, where they are. */
  readonly title: string;
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  /** What stays the same at every update. */
  readonly given: readonly (SampleRoleModel & SheetModel)[];
  readonly output: SampleRoleModel;
  /** The outputs, ascending by update. */
  readonly frames: readonly (SheetModel & { readonly update: number })[];
  /** How many there were before any were left out. */
  readonly available: number;
}

/** Which statistics normalisation used: its moving averages, or those of each batch. */
export type Mode = 'moving' | 'batch';

export interface ExampleModel {
  /** Indexes into the test split, by sequence of examples. */
  readonly indexes: readonly (readonly [sequence: string, index: number])[];
  /** Of the group's metrics; null where an example has no sensible one. */
  readonly values: readonly (number | null)[];
  /** Its signals that can be drawn. */
  readonly pictures: readonly {
    readonly label: string;
    /** Index into the pictures of all. */
    readonly picture: number;
  }[];
}

export interface ExampleGroupModel {
  readonly name: string;
  readonly label: string;
  readonly explanation: string;
  readonly mode: Mode;
  /** Of how many examples of the evaluation the group could be; null where that says nothing. */
  readonly count: number | null;
  /** What is told of each example. */
  readonly metrics: readonly MetricModel[];
  readonly examples: readonly ExampleModel[];
}

export interface TestExamplesModel {
  readonly update: number;
  readonly count: number;
  /** Whether there are any with batch statistics. */
  readonly batch: boolean;
  readonly groups: readonly ExampleGroupModel[];
  /** Addresses of the pictures; several examples may show the same. */
  readonly pictures: readonly string[];
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
  readonly metric: MetricModel;
  readonly moving: number | null;
  readonly batch: number | null;
}

/** What a method reaches, a value a metric; null where there is none. */
export interface MethodRowModel {
  readonly method: string;
  /** Whether it is the run's network. */
  readonly network: boolean;
  readonly values: readonly (IntervalModel | null)[];
  /** The network's values less its own, example by example. */
  readonly leads: readonly (IntervalModel | null)[];
}

/** The network beside other methods, on all test examples and on each kind of them. */
export interface MethodsModel {
  readonly update: number;
  readonly metrics: readonly MetricModel[];
  readonly kinds: readonly {
    readonly name: string;
    readonly count: number;
    readonly rows: readonly MethodRowModel[];
  }[];
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
    /** Whether there is anything with batch statistics. */
    readonly batch: boolean;
    readonly rows: readonly MetricRowModel[];
  }[];
  readonly methods?: MethodsModel;
  readonly charts: readonly ChartModel[];
  readonly samples?: SamplesModel;
  readonly testExamples?: TestExamplesModel;
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
  /** Those that numbers are made of: one of each seed. */
  readonly counted: readonly number[];
  /** Their seeds, for people. */
  readonly seeds: readonly string[];
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

export interface MetricTableRow {
  readonly metric: MetricModel;
  readonly mode: Mode;
  /** One a group; null where no run of the group has it. */
  readonly groups: readonly (SeedsModel | null)[];
  /** Medians are shown where an interval of means would hold values that cannot be. */
  readonly shown: 'mean' | 'median';
  /** The groups with the best value of those shown. */
  readonly best: readonly number[];
}

/** A group against the first one, on the test examples that both had. */
export interface PairedModel {
  readonly group: number;
  readonly metric: MetricModel;
  readonly mode: Mode;
  readonly examples: number;
  /** Of the runs on both sides. */
  readonly seeds: readonly number[];
  /** This group minus the first one. */
  readonly difference: number;
  readonly interval: readonly [number, number] | null;
  /** Cohen's d of the differences. */
  readonly effect: number | null;
  readonly tP: number | null;
  readonly wilcoxonP: number;
  /** Rank-biserial correlation of the differences, from −1 to 1: which way Wilcoxon's test says that they go. */
  readonly rankEffect: number;
  /** Wilcoxon's p after Holm's adjustment over all rows. */
  readonly adjustedP: number;
  /** What the adjusted p and its test say; `mixed` where the mean goes the other way than most examples. */
  readonly verdict: 'better' | 'worse' | 'mixed' | 'no clear difference';
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
    /** The same for people. */
    readonly words: readonly (string | null)[];
    /** Whether a profile made them differ, and nobody set them. */
    readonly byProfile: boolean;
  }[];
  /** Whether there is anything with batch statistics. */
  readonly batch: boolean;
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
  /** The newest of its headline metrics. */
  readonly metrics: readonly { readonly metric: MetricModel; readonly value: number }[];
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
