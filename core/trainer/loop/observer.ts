import type { EvaluationResult, Metrics } from '../../hooks/payloads.js';

/** An update that is done. */
export interface UpdateEvent {
  readonly type: 'update';
  readonly phase: string;
  /** Number of the update over the whole run, and within its phase: 1, 2, … */
  readonly update: number;
  readonly phaseUpdate: number;
  /** Losses and other numbers of this update, by name. */
  readonly metrics: Metrics;
  /** Wall time of the update. */
  readonly seconds: number;
}

/** An evaluation that is done. */
export interface EvaluationEvent extends EvaluationResult {
  readonly type: 'evaluation';
  readonly name: string;
  readonly update: number;
}

/** A checkpoint that is safely on disk. */
export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly update: number;
  readonly path: string;
  readonly contentHash: string;
}

/**
 * Is told what a run does, when its plugins have been; the run waits for it. What it throws ends
 * the run as an error of a plugin does.
 */
export interface RunObserver {
  /** Where it is left out, metrics stay on the device unless a plugin reads them. */
  readonly update?: ((event: UpdateEvent) => unknown) | undefined;
  readonly evaluation?: (event: EvaluationEvent) => unknown;
  readonly checkpoint?: (event: CheckpointEvent) => unknown;
}
