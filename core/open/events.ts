import type { ExitCode } from '../errors/error.js';
import type { StopSignal } from '../trainer/loop/interruption.js';
import type { CheckpointEvent, EvaluationEvent, UpdateEvent } from '../trainer/loop/observer.js';

/** A run that begins or goes on: its directory is there and locked. */
export interface StartEvent {
  readonly type: 'start';
  readonly directory: string;
  /** Updates done before. */
  readonly update: number;
}

export interface EndEvent extends TrainResult {
  readonly type: 'end';
}

export type TrainingEvent = StartEvent | UpdateEvent | EvaluationEvent | CheckpointEvent | EndEvent;

export interface TrainResult {
  readonly outcome: 'finished' | 'interrupted';
  /** What interrupted it; null where it finished. */
  readonly stoppedBy: StopSignal | null;
  readonly directory: string;
  /** Updates done. */
  readonly update: number;
  /** Final metrics by name, and what plugins add; empty where it was interrupted. */
  readonly results: ReadonlyMap<string, number | string>;
  /** What `ncn` exits with after it. */
  readonly exit: ExitCode;
  /** Milliseconds in the taps of each plugin, by its name. */
  readonly hookTime: ReadonlyMap<string, number>;
}
