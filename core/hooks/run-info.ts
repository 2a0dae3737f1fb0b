import type { KnownMetric } from '../evaluation/metric.js';
import type { RunChange } from '../run/changes.js';
import type { Phase } from '../step/types.js';

export interface RunInfo {
  readonly preset: string;
  /** What the preset says about itself. */
  readonly summary: string;
  readonly seed: number;
  readonly directory: string;
  readonly phases: readonly Phase[];
  /** Updates of all phases together. */
  readonly totalUpdates: number;
  readonly batchSize: number;
  /** Name of the main network. */
  readonly main: string;
  /** Roles that it is given, in its order. */
  readonly inputs: readonly string[];
  /** What the experiment's metrics and evaluations say of their numbers, in order. */
  readonly metrics: readonly KnownMetric[];
  /** Whether this process continues a run that was stopped. */
  readonly resumed: boolean;
  /** Update from which this process continues; 0 for a fresh run. */
  readonly startedAt: number;
  /** What was changed where this process continues: it holds from the next update on. */
  readonly changes: readonly RunChange[];
}

/** Numbers by name; any of them may be NaN or infinite. */
export type Metrics = ReadonlyMap<string, number>;

/** What a run hook may ask of the trainer; done at the next safe point, in this order. */
export interface RunControl {
  /** Runs the named evaluation. */
  readonly evaluate: (evaluation: string) => void;
  /** Saves a checkpoint. */
  readonly checkpoint: () => void;
  /** Ends the run early, as if it had no more updates. */
  readonly stop: (reason: string) => void;
}

/** Name of the phase to which an update of the run belongs. @param update 1, 2, … of the run */
export function phaseAt({ phases }: Pick<RunInfo, 'phases'>, update: number): string {
  let end = 0;
  const phase = phases.find(({ updates }) => update <= (end += updates)) ?? phases.at(-1);
  return phase?.name ?? '';
}
