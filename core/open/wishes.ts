import type { RunDirectory } from '../run/directory.js';
import type { RunWishes } from '../trainer/loop/execute.js';
import type { Emit } from './training.js';
import type { TrainingEvent, TrainResult } from './events.js';
import type { TrainOptions } from './types.js';

type Start = (directory: RunDirectory, update: number) => Promise<void>;

/** Trains, telling when it starts. */
export type Begin = (start: Start, wishes: RunWishes) => Promise<TrainResult>;

/** What a training's caller, and who iterates it, want of the run. */
export function wishesOf(
  options: TrainOptions,
  told: {
    readonly emit: Emit;
    readonly watched: () => boolean;
    readonly stop: AbortController;
  },
): [start: Start, wishes: RunWishes] {
  const { onStart, onUpdate, onEvaluation, onCheckpoint, signal, handleSignals } = options;
  const tell =
    <E extends TrainingEvent>(listen: ((event: E) => unknown) | undefined) =>
    async (event: E): Promise<void> => {
      await listen?.(event);
      await told.emit(event);
    };
  const update = tell(onUpdate);
  const start = tell(onStart);
  return [
    ({ path }, at) => start({ type: 'start', directory: path, update: at }),
    {
      signal: {
        get aborted() {
          return told.stop.signal.aborted || signal?.aborted === true;
        },
      },
      handleSignals,
      observer: {
        // Where nobody listens, metrics are not read from the device.
        get update() {
          return onUpdate === undefined && !told.watched() ? undefined : update;
        },
        evaluation: tell(onEvaluation),
        checkpoint: tell(onCheckpoint),
      },
    },
  ];
}
