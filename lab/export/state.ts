import type { HostTensors } from '../../core/engine/types.js';
import type { Trained } from '../../core/open/experiment.js';

/** Of a checkpoint, what the main network needs; the rest would only be carried along. */
export function ownState({ checkpoint }: Trained, main: string, prefix: string): HostTensors {
  const own = [`${main}/`, `${prefix}${main}/`];
  return new Map(
    [...checkpoint.tensors].filter(([name]) => own.some((start) => name.startsWith(start))),
  );
}
